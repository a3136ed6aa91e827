import type { Checkout } from '../../checkout/checkout.ts';
import type { PgClient } from '../../pg-internals.ts';
import type { Call } from './call.ts';
import type { ClientView } from './client-view.ts';
import type { SaidTransaction } from './said-transaction.ts';

/** A checkout: who has which connection. */
export class Hold {
  readonly view: ClientView;
  /** Its face of the client. */
  readonly client: PgClient;
  readonly call: Call;
  readonly checkout: Checkout | undefined;
  readonly since: number;
  readonly release: (error?: Error) => void;
  /** Whatever it has said. */
  readonly calls: Call[] = [];
  transaction: SaidTransaction | undefined;
  /** Its COMMIT or ROLLBACK is under way, and others have begun behind it. */
  hasParted = false;
  isOver = false;
  /** It was given back with an error. */
  gaveUp = false;
  /** A program gives it back by itself. */
  isDriven = false;
  leaks = 0;
  /** The pool has taken it back. */
  isReclaimed = false;
  /** It was given back with its transaction open, as far as its holder has said. */
  isLeftOpen = false;
  /** How often the pool has said so. */
  abandonedTimes = 0;

  /** A COMMIT AND CHAIN was answered too late: whether it has begun another transaction, its holder does not know. */
  get mayHaveBegun(): boolean {
    return this.calls.some(({ begins, error }) => begins && error?.outcome === 'unknown');
  }

  get mayBeLeftOpen(): boolean {
    return this.isLeftOpen || this.mayHaveBegun;
  }

  /** Its connection goes as soon as others have done with it. */
  get isGivenUp(): boolean {
    return this.gaveUp || this.isReclaimed;
  }

  constructor(init: HoldInit) {
    this.view = init.view;
    this.client = init.client;
    this.call = init.call;
    this.checkout = init.checkout;
    this.since = init.since;
    this.release = init.release;
  }
}

export interface HoldInit {
  readonly view: ClientView;
  readonly client: PgClient;
  readonly call: Call;
  readonly checkout: Checkout | undefined;
  readonly since: number;
  readonly release: (error?: Error) => void;
}

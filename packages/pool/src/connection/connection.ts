import { Checkout } from '../checkout/checkout.ts';
import type { Clock } from '../clock.ts';
import { type CallContext, currentContext } from '../context/context.ts';
import { isQuiet, type PgClient, type TransactionStatus } from '../pg-internals.ts';
import { PreparedStatements } from '../statement/prepared.ts';
import { type Answer, Lane } from './lane.ts';
import type { LaneQuery, LaneQueryClass } from './lane-query.ts';
import { GATE, type Gate, type ObservedClient } from './observed-client.ts';
import type { RoundTrip } from './round-trip.ts';

/**
 * `connecting` → `lane` ⇄ `checkout` → `settling` → `lane`, and `closed` from any of them.
 * Settling: given back, but the server still works for its last holder, or is in a transaction.
 */
export type ConnectionState = 'connecting' | 'lane' | 'checkout' | 'settling' | 'closed';

/** How long a connection that is being closed waits for the server's side. */
const GOODBYE_MILLIS = 1_000;
/** How long a connection that was given back at work may take to come to rest. */
const SETTLE_MILLIS = 10_000;

/** What a connection tells the pool. */
export interface ConnectionListener {
  /** It can take more work: an answer came, or it has settled. */
  available(connection: Connection): void;
  answered(connection: Connection, answer: Answer): void;
  /** Its last holder left a transaction open, which is being rolled back. */
  abandoned(connection: Connection, checkout: Checkout): void;
  /** It was lost with an error, perhaps while nobody was using it. */
  lost(connection: Connection, error: Error, wasIdle: boolean): void;
  /** It is closed, and its place is free. */
  closed(connection: Connection): void;
}

export interface ConnectionSetup {
  readonly client: ObservedClient;
  /** pg's own `query`, around the gate. */
  readonly query: PgClient['query'];
  readonly Query: LaneQueryClass;
  readonly clock: Clock;
  readonly roundTrip: RoundTrip;
  /** 0: no prepared statements. */
  readonly prepareCacheSize: number;
  /** In the clock's milliseconds. */
  readonly expiresAt: number;
}

/** One server session and what it is used for. */
export class Connection implements Gate {
  readonly client: ObservedClient;
  readonly lane: Lane;
  readonly expiresAt: number;
  state: ConnectionState = 'connecting';
  /** Statements and checkouts that it has served. */
  uses = 0;
  idleSince = 0;
  /** Too old or used up: it takes nothing new and is closed as soon as it is idle. */
  retiring = false;
  checkout: Checkout | undefined;
  #isCorked = false;
  #cancelSettling: (() => void) | undefined;
  readonly #setup: ConnectionSetup;
  readonly #listener: ConnectionListener;

  constructor(setup: ConnectionSetup, listener: ConnectionListener) {
    this.#setup = setup;
    this.#listener = listener;
    this.client = setup.client;
    this.client[GATE] = this;
    this.expiresAt = setup.expiresAt;
    this.lane = new Lane({
      Query: setup.Query,
      roundTrip: setup.roundTrip,
      prepared:
        setup.prepareCacheSize > 0 ? new PreparedStatements(setup.prepareCacheSize) : undefined,
      write: (query: LaneQuery) => this.#write(query),
    });
  }

  /** What is sent in one turn of the event loop goes to the network in one piece. */
  #write(query: LaneQuery): void {
    const stream = this.client.connection?.stream;
    if (stream && !this.#isCorked) {
      this.#isCorked = true;
      stream.cork();
      process.nextTick(() => {
        this.#isCorked = false;
        stream.uncork();
      });
    }
    this.#setup.query.call(this.client, query);
  }

  /** Open for new statements of many callers, and nobody's. */
  get isIdle(): boolean {
    return this.state === 'lane' && this.lane.length === 0;
  }

  /** Lent, or busy with a long statement: not all connections may be so. */
  get isWhole(): boolean {
    return this.state === 'checkout' || this.state === 'settling' || this.lane.cap === 'long';
  }

  /** False: its holder ended the client, or its socket is dead. */
  get isUsable(): boolean {
    return this.client._queryable && !this.client._ending;
  }

  get open(): boolean {
    // A holder whose connection was lost learns that, from pg.
    const lostInUse = this.state === 'closed' && this.checkout !== undefined;
    return this.state === 'checkout' || this.state === 'connecting' || lostInUse;
  }

  statementBegins(): void {
    this.checkout?.statementBegins(this.#setup.clock.now(), currentContext());
  }

  /** The login is done: from now on the pool listens. */
  connected(): void {
    const { client } = this;
    // After pg's own listener, so that the answer has been handed over when the state is read.
    client.connection?.on('readyForQuery', (message: { status: TransactionStatus }) =>
      this.#serverIsReady(message.status),
    );
    client.on('error', (error: Error) => this.#broken(error));
    client.on('end', () => this.#broken(new Error('Connection terminated unexpectedly')));
  }

  /** The application's own preparations are done, or at least begun: it may settle into its lane. */
  begin(): void {
    if (this.state !== 'connecting') return;
    if (!isQuiet(this.client)) {
      // A listener that awaits its first statement sends the second one only after 'drain'.
      this.client.once('drain', () => setImmediate(() => this.begin()));
      return;
    }
    this.state = 'settling';
    this.#settle();
  }

  lend(context: CallContext | undefined): Checkout {
    this.state = 'checkout';
    this.uses++;
    // Cursors, COPY and streams keep a conversation with the server: they need it unpipelined.
    this.client.pipeline = false;
    this.checkout = new Checkout(this.#setup.clock.now(), context);
    return this.checkout;
  }

  /** The holder gave it back; it is anybody's again once the server is idle. */
  giveBack(): void {
    const { checkout } = this;
    this.state = 'settling';
    this.#settle();
    if (this.checkout !== checkout) return;
    // An endless statement or an open cursor must not cost the pool a connection for good.
    this.#cancelSettling = this.#setup.clock.after(SETTLE_MILLIS, () => this.close());
  }

  /** The holder gave it back, and nobody can use it any more. */
  discard(): void {
    this.checkout = undefined;
    this.close();
  }

  close(): void {
    if (this.state === 'closed') return;
    const busy = this.lane.length > 0 || !isQuiet(this.client);
    this.state = 'closed';
    this.#hangUp(busy, () => this.#listener.closed(this));
    this.lane.fail(new Error('Connection terminated'));
  }

  /** Says goodbye; the answers of a busy server are not waited for, nor one that keeps silent. */
  #hangUp(isBusy: boolean, done?: () => void): void {
    const stream = this.client.connection?.stream;
    if (isBusy) stream?.destroy();
    const cancel = this.#setup.clock.after(GOODBYE_MILLIS, () => stream?.destroy());
    this.client.end(() => {
      cancel();
      done?.();
    });
  }

  #settle(): void {
    const { client } = this;
    if (this.state !== 'settling') return;
    if (!isQuiet(client)) {
      client.once('drain', () => this.#settle());
      return;
    }
    const status = client.getTransactionStatus?.();
    if (status === 'T' || status === 'E') {
      if (this.checkout) this.#listener.abandoned(this, this.checkout);
      this.#setup.query.call(client, 'ROLLBACK', (error: Error | undefined) => {
        if (error) this.#lost(error);
        else this.#settle();
      });
      return;
    }
    this.#cancelSettling?.();
    this.#cancelSettling = undefined;
    this.checkout = undefined;
    this.state = 'lane';
    this.idleSince = this.#setup.clock.now();
    client.pipeline = true;
    this.#listener.available(this);
  }

  #serverIsReady(status: TransactionStatus): void {
    const now = this.#setup.clock.now();
    if (this.state !== 'lane') {
      this.checkout?.serverIsReady(now, status);
      return;
    }
    const answer = this.lane.answer(now);
    if (status !== 'I') {
      // Whatever opened it, a transaction here would swallow the neighbours: fail closed.
      this.#lost(new Error('a statement on a shared connection opened a transaction'));
      return;
    }
    if (this.lane.length === 0) this.idleSince = now;
    if (answer) {
      this.uses++;
      this.#listener.answered(this, answer);
    }
    this.#listener.available(this);
  }

  /** A holder is told by pg, and keeps its connection until it gives it back, as in pg-pool. */
  #broken(error: Error): void {
    if (this.state !== 'checkout') this.#lost(error);
  }

  #lost(error: Error): void {
    if (this.state === 'closed') return;
    const { isIdle: wasIdle } = this;
    this.state = 'closed';
    // An error without a lost socket is a client's own: the server is told, as by pg-pool.
    if (wasIdle) this.#hangUp(false, () => this.#listener.closed(this));
    else this.#hangUp(true);
    this.lane.fail(error);
    this.#listener.lost(this, error, wasIdle);
    if (!wasIdle) this.#listener.closed(this);
  }
}

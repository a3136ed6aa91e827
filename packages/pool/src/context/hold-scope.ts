import { Repeats } from './repeats.ts';

/** What the pool has to know of a checkout whose holder may ask for another connection. */
export interface HeldCheckout {
  readonly owner: string;
  /** Where it was taken or first used, as far as it is known. */
  readonly site: string | undefined;
  /** It has been given back. */
  readonly isOver: boolean;
  /** Which pool has lent it. */
  readonly lender: object | undefined;
}

/**
 * One flow of the application that holds a connection, such as the body of a transaction. Whatever it
 * asks of the pool meanwhile, it asks in addition to what it holds.
 */
export class HoldScope {
  #repeats: Repeats | undefined;
  #checkout: HeldCheckout | undefined;
  readonly #isFixed: boolean;

  /** Without a checkout it is that of the first one lent in the flow, then of the next one. */
  constructor(checkout?: HeldCheckout) {
    this.#checkout = checkout;
    this.#isFixed = checkout !== undefined;
  }

  /** What its transaction sends more than once, where no request is known. */
  get repeats(): Repeats {
    this.#repeats ??= new Repeats();
    return this.#repeats;
  }

  get checkout(): HeldCheckout | undefined {
    return this.#checkout?.isOver ? undefined : this.#checkout;
  }

  bind(checkout: HeldCheckout): void {
    if (!this.#isFixed && !this.checkout) this.#checkout = checkout;
  }
}

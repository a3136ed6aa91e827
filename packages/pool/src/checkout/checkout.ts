import type { CallContext } from '../context/context.ts';
import type { TransactionStatus } from '../pg-internals.ts';
import type { Holder } from '../stats/pool-stats.ts';

/** One caller's use of a connection, from `connect()` to `release()`. */
export class Checkout {
  readonly startedAt: number;
  readonly #context: CallContext | undefined;
  #firstStatement: CallContext | undefined;
  #statements = 0;
  #underWay = 0;
  #idleSince: number;
  #idleMillis = 0;
  #status: TransactionStatus = 'I';

  constructor(startedAt: number, context: CallContext | undefined) {
    this.startedAt = startedAt;
    this.#idleSince = startedAt;
    this.#context = context;
  }

  statementBegins(now: number, context: CallContext | undefined): void {
    this.#statements++;
    this.#firstStatement ??= context?.owner ? context : undefined;
    if (this.#underWay++ === 0) this.#idleMillis += now - this.#idleSince;
  }

  serverIsReady(now: number, status: TransactionStatus): void {
    this.#status = status;
    if (this.#underWay === 0) return;
    if (--this.#underWay === 0) this.#idleSince = now;
  }

  /** The route and the owner: of the checkout, else of the first statement in it that has one. */
  get owner(): string {
    const owner = this.#context?.owner ?? this.#firstStatement?.owner;
    const route = (this.#context ?? this.#firstStatement)?.request?.route;
    if (owner && route) return `${owner.label} in ${route}`;
    return owner?.label ?? route ?? 'an unnamed checkout';
  }

  describe(now: number): Holder {
    return {
      owner: this.owner,
      heldMillis: now - this.startedAt,
      idleMillis: this.#idleMillis + (this.#underWay === 0 ? now - this.#idleSince : 0),
      inTransaction: this.#status !== 'I',
      statements: this.#statements,
    };
  }
}

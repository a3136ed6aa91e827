import type { CallSite } from '../../context/call-site.ts';
import type { CallContext } from '../../context/context.ts';
import type { TransactionStatus } from '../../pg-internals.ts';
import type { Holder } from '../../stats/pool-stats.ts';

/** One caller's use of a connection, from `connect()` to `release()`, as far as it is seen. */
export class Use {
  readonly #id: number;
  readonly #startedAt: number;
  readonly #context: CallContext | undefined;
  readonly #callSite: CallSite | undefined;
  #statements = 0;
  #underWay = 0;
  #idleSince: number;
  #idleMillis = 0;
  #status: TransactionStatus = 'I';

  /** `callSite`: where it was asked for; none for one statement of `pool.query`. */
  constructor(
    id: number,
    now: number,
    context: CallContext | undefined,
    callSite: CallSite | undefined,
  ) {
    this.#id = id;
    this.#startedAt = now;
    this.#idleSince = now;
    this.#context = context;
    this.#callSite = callSite;
  }

  get isCheckout(): boolean {
    return this.#callSite !== undefined;
  }

  statementBegins(now: number): void {
    this.#statements++;
    if (this.#underWay++ === 0) this.#idleMillis += now - this.#idleSince;
  }

  statementEnded(now: number, status: TransactionStatus): void {
    this.#status = status;
    if (--this.#underWay === 0) this.#idleSince = now;
  }

  describe(now: number): Holder {
    const { owner, request } = this.#context ?? {};
    const who = owner?.label ?? 'an unnamed checkout';
    return {
      id: this.#id,
      owner: request ? `${who} in ${request.route}` : who,
      heldMillis: now - this.#startedAt,
      idleMillis: this.#idleMillis + (this.#underWay === 0 ? now - this.#idleSince : 0),
      inTransaction: this.#status !== 'I',
      statements: this.#statements,
      site: this.#callSite && `${this.#callSite}`,
    };
  }
}

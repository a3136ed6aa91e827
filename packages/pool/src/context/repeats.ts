import type { Clock } from '../clock.ts';
import type { Owner } from './owner.ts';

/** Of one scope so many texts are followed; whoever sends more has no loop, or makes its texts by hand. */
const MOST_TEXTS = 300;
/** After a pause like this it is no loop any more: somebody polls, or a stream goes on. */
const PAUSE_MILLIS = 1_000;
/** The latest calls, by which it is seen what changes from one to the next. */
const LATEST = 5;

/** One text that a request, or a transaction, sends: once, several times at once, or over and over. */
export class RepeatedStatement {
  readonly text: string;
  /** On a connection that its caller holds: there statements run one after the other, whatever asks for them. */
  readonly inCheckout: boolean;
  /** Who sent another text last before it. */
  readonly after: Owner | undefined;
  underWay = 0;
  /** The most that were under way at once. */
  peak = 0;
  sent = 0;
  readonly latest: (Owner | undefined)[] = [];
  /** Nobody need look at it before so many have been sent. */
  quietUntil = 0;
  readonly #clock: Clock;
  #busyMillis = 0;
  #busySince = 0;
  #endedAt = 0;

  constructor(text: string, inCheckout: boolean, after: Owner | undefined, clock: Clock) {
    this.text = text;
    this.inCheckout = inCheckout;
    this.after = after;
    this.#clock = clock;
  }

  begin(owner: Owner | undefined): void {
    const now = this.#clock.now();
    if (this.underWay === 0) {
      if (this.sent > 0 && now - this.#endedAt > PAUSE_MILLIS) this.#forget();
      this.#busySince = now;
    }
    this.sent++;
    if (++this.underWay > this.peak) this.peak = this.underWay;
    if (this.latest.push(owner) > LATEST) this.latest.shift();
  }

  end(): void {
    if (--this.underWay > 0) return;
    this.#endedAt = this.#clock.now();
    this.#busyMillis += this.#endedAt - this.#busySince;
  }

  /** How long at least one was under way. */
  get busyMillis(): number {
    return this.#busyMillis + (this.underWay > 0 ? this.#clock.now() - this.#busySince : 0);
  }

  /** No pattern so far: the next look is worth while when it has come as often again. */
  lookAgain(): void {
    this.quietUntil = this.sent * 2;
  }

  #forget(): void {
    this.sent = 0;
    this.peak = 0;
    this.latest.length = 0;
    this.quietUntil = 0;
    this.#busyMillis = 0;
  }
}

/** What one request, or one transaction outside of any request, sends more than once. */
export class Repeats {
  readonly #lane = new Map<string, RepeatedStatement>();
  #inCheckout: Map<string, RepeatedStatement> | undefined;
  #last: RepeatedStatement | undefined;

  /** Undefined when it is part of the call before, or too many texts are followed already. */
  begin(
    text: string,
    owner: Owner | undefined,
    clock: Clock,
    inCheckout = false,
  ): RepeatedStatement | undefined {
    if (inCheckout) this.#inCheckout ??= new Map();
    const known = inCheckout && this.#inCheckout ? this.#inCheckout : this.#lane;
    let statement = known.get(text);
    if (owner?.isCall && statement?.latest.at(-1) === owner) return undefined;
    if (!statement) {
      if (known.size >= MOST_TEXTS) return undefined;
      statement = new RepeatedStatement(text, inCheckout, this.#last?.latest.at(-1), clock);
      known.set(text, statement);
    }
    this.#last = statement;
    statement.begin(owner);
    return statement;
  }
}

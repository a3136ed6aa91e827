import { withContext, withDeadline, withOwner } from '@lifeguard/pool';
import type { Clock } from '../clock.ts';

/** A database that has not answered a trivial statement by then does not answer. */
const DEADLINE_MILLIS = 5_000;
/** The answer may come a little after the pool's own deadline; only then nobody waits for it any more. */
const GRACE_MILLIS = 500;

/** What the last sign of life was. */
export interface PingResult {
  /** When it came, on the monitor's clock. */
  readonly at: number;
  /** How long it took, or what came instead. */
  readonly outcome: number | Error;
}

/**
 * Asks the database for a sign of life: one trivial statement at a time, however many ask for it, on the
 * lane that is kept for short statements.
 */
export class Ping {
  readonly #query: (text: string) => unknown;
  readonly #clock: Clock;
  #last: PingResult | undefined;
  #underWay: Promise<PingResult> | undefined;
  #since = 0;
  /** An answer to somebody's question has not come yet, though it is no longer waited for. */
  #isOwed = false;
  #hasAnswered = false;

  constructor(query: (text: string) => unknown, clock: Clock) {
    this.#query = query;
    this.#clock = clock;
  }

  /** It has come at least once. */
  get hasAnswered(): boolean {
    return this.#hasAnswered;
  }

  get last(): PingResult | undefined {
    return this.#last;
  }

  /** For how long the one under way has not been answered; undefined: none is. */
  get waitingMillis(): number | undefined {
    return this.#underWay && this.#clock.now() - this.#since;
  }

  /** The last answer, if it is not older than `freshMillis`; else a new one. Never rejects. */
  ask(freshMillis: number): Promise<PingResult> {
    if (this.#underWay) return this.#underWay;
    const last = this.#last;
    if (last && this.#clock.now() - last.at <= freshMillis) return Promise.resolve(last);
    // A pool without deadlines keeps an old question in its queue: a second one would only wait behind it.
    if (last && this.#isOwed) return Promise.resolve(last);
    this.#since = this.#clock.now();
    this.#underWay = this.#begin().then((outcome) => {
      if (typeof outcome === 'number') this.#hasAnswered = true;
      this.#last = { at: this.#clock.now(), outcome };
      this.#underWay = undefined;
      return this.#last;
    });
    return this.#underWay;
  }

  #begin(): Promise<number | Error> {
    const started = this.#clock.now();
    return new Promise((resolve) => {
      const cancel = this.#clock.after(DEADLINE_MILLIS + GRACE_MILLIS, () =>
        resolve(new Error(`no answer within ${DEADLINE_MILLIS} ms`)),
      );
      this.#isOwed = true;
      this.#send().then(
        () => {
          this.#isOwed = false;
          cancel();
          resolve(this.#clock.now() - started);
        },
        (error: unknown) => {
          this.#isOwed = false;
          cancel();
          resolve(error instanceof Error ? error : new Error(String(error)));
        },
      );
    });
  }

  /** In a context of its own: it is nobody's request, and whoever asked may be gone before it is answered. */
  async #send(): Promise<unknown> {
    return withContext(undefined, () =>
      withOwner('health check', () =>
        withDeadline(DEADLINE_MILLIS, () => Promise.resolve(this.#query('SELECT 1'))),
      ),
    );
  }
}

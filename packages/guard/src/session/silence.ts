import type { WallClock } from '../time/wall-clock.ts';

/** A validation that takes longer is hanging, and nobody waits for it who need not. */
export const PATIENCE_MILLIS = 250;
/** While there is no answer, somebody asks that often. */
const PROBE_MILLIS = 1_000;

/** Whether validations, of whatever session, get no answer at the moment. */
export class Silence {
  readonly #clock: WallClock;
  #hasFailed = false;
  #answeredAt = Number.NEGATIVE_INFINITY;
  #probedAt = Number.NEGATIVE_INFINITY;

  constructor(clock: WallClock) {
    this.#clock = clock;
  }

  failed(): void {
    this.#hasFailed = true;
  }

  answered(): void {
    this.#hasFailed = false;
    this.#answeredAt = this.#clock.now();
  }

  /** @param oldestStartedAt of the validations under way. */
  isOn(oldestStartedAt: number | undefined): boolean {
    if (this.#hasFailed) return true;
    if (oldestStartedAt === undefined || this.#answeredAt >= oldestStartedAt) return false;
    return this.#clock.now() - oldestStartedAt >= PATIENCE_MILLIS;
  }

  /** Whether it is time to ask again; who is told so does. */
  mayProbe(): boolean {
    const now = this.#clock.now();
    const agoMillis = now - this.#probedAt;
    // Negative when the clock was set back.
    if (agoMillis >= 0 && agoMillis < PROBE_MILLIS) return false;
    this.#probedAt = now;
    return true;
  }
}

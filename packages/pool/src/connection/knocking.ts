import type { Clock } from '../clock.ts';

/** How often a server is looked for that does answer, and soon after it has not. */
const EVERY_MILLIS = 30_000;
const AGAIN_MILLIS = 1_000;
/** A server that has too many at its door may miss one. */
const MOST_UNANSWERED = 3;

/**
 * Whether a server is still there that has not been heard for long where an answer is due. Nothing of the
 * kind comes from TCP while bytes of ours are under way: it sends them again, on Linux for a quarter of an
 * hour. So somebody knocks, now and then, and the silence counts once several in a row were not answered.
 */
export class Knocking {
  readonly #clock: Clock;
  readonly #knock: (done: (isAnswered: boolean) => void) => void;
  #isUnderWay = false;
  #nextAt = Number.NEGATIVE_INFINITY;
  #unanswered = 0;

  constructor(clock: Clock, knock: (done: (isAnswered: boolean) => void) => void) {
    this.#clock = clock;
    this.#knock = knock;
  }

  /** The server has said something, to whomever. */
  heard(): void {
    this.#unanswered = 0;
  }

  /** Called again and again by whoever has not heard the server for long. */
  isInVain(now: number): boolean {
    if (!this.#isUnderWay && now >= this.#nextAt) this.#begin(now);
    return this.#unanswered >= MOST_UNANSWERED;
  }

  #begin(now: number): void {
    // What was not answered long ago says nothing of now.
    if (now - this.#nextAt > EVERY_MILLIS) this.#unanswered = 0;
    this.#isUnderWay = true;
    this.#knock((isAnswered) => {
      this.#isUnderWay = false;
      this.#unanswered = isAnswered ? 0 : this.#unanswered + 1;
      this.#nextAt = this.#clock.now() + (isAnswered ? EVERY_MILLIS : AGAIN_MILLIS);
    });
  }
}

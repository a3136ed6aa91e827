/** A wait up to this is nobody's trouble. */
const TARGET_MILLIS = 50;
/** When even the shortest wait was longer than that for so long, the queue is no burst but overload. */
const INTERVAL_MILLIS = 2_000;
/** How far back the time between departures is measured. */
const MEMORY_MILLIS = 500;
/** As many departures count at least, however long ago they were. */
const FEWEST_DEPARTURES = 5;
/** A wait may take this much longer than expected. */
const SAFETY = 1.2;

/** What somebody who waits can still make use of. Times are in the clock's milliseconds. */
export interface Patience {
  /** Until then it waits for its connection. */
  readonly deadline: number;
  /** Until then it wants its answer. */
  readonly answerBy: number;
  /** How long the answer is expected to take once it has its connection. */
  readonly serviceMillis: number;
}

/**
 * Watches one queue: how fast it moves, and whether it stands. Under overload that lasts it tells who would
 * wait in vain, so that the server works for those who still want their answers. A queue that is served in
 * its order until the deadline does the opposite: everybody is served when it is just too late.
 *
 * The rule is that of controlled delay: a queue that is empty now and then takes up bursts, and is good;
 * one in which the shortest wait of an interval is too long stands, and only adds to everybody's wait
 * (Nichols and Jacobson, "Controlling Queue Delay", 2012). Target and interval are those with which
 * db_connection (elixir-ecto) applies it to a pool. It drops by age; here a deadline decides.
 */
export class Admission {
  /** When somebody last waited little, or nobody did. */
  #calmAt = 0;
  #shedAt = Number.NEGATIVE_INFINITY;
  /** The last departure while somebody waited, or when the first began to wait. */
  #since = 0;
  /** The last who waited was served, and did not give up. */
  #isDrained = false;
  /** Departures, and the time that they took, each weighing less the longer ago it was. */
  #departures = 0;
  #millis = 0;

  /** Somebody begins to wait, and nobody else does. */
  begins(now: number): void {
    const wasDrained = this.#isDrained;
    this.#isDrained = false;
    if (this.#isShedding(now)) {
      if (wasDrained) this.#since = now;
      return;
    }
    this.restart(now);
  }

  /** What was measured before says nothing of now. */
  restart(now: number): void {
    this.#shedAt = Number.NEGATIVE_INFINITY;
    this.#calmAt = now;
    this.#since = now;
    this.#departures = 0;
    this.#millis = 0;
  }

  /** Somebody got what it waited for; `left` others wait. */
  departed(now: number, waitedMillis: number, left: number): void {
    const elapsed = Math.max(0, now - this.#since);
    const kept = this.#kept(elapsed);
    this.#departures = this.#departures * kept + 1;
    this.#millis = this.#millis * kept + elapsed;
    this.#since = Math.max(this.#since, now);
    this.#isDrained = left === 0;
    if (waitedMillis <= TARGET_MILLIS && !this.#isShedding(now)) this.#calmAt = now;
  }

  /** Somebody was refused because it would have waited in vain. */
  shed(now: number): void {
    this.#shedAt = now;
  }

  /**
   * For a whole interval nobody has waited little, be it that nobody was served at all. It ends when nobody
   * is shed for an interval: if the waits are short because others were refused, it still lasts.
   */
  isOverloaded(now: number): boolean {
    return now - this.#calmAt >= INTERVAL_MILLIS;
  }

  /** The time from one departure to the next, in ms; it grows while there is none. */
  gapMillis(now: number): number {
    const elapsed = Math.max(0, now - this.#since);
    const kept = this.#kept(elapsed);
    const ifNow = (this.#millis * kept + elapsed) / (this.#departures * kept + 1);
    return Math.max(this.#departures > 0 ? this.#millis / this.#departures : 0, ifNow);
  }

  /** It would have its connection, or its answer, too late when `ahead` others have their turn before. */
  isInVain({ deadline, answerBy, serviceMillis }: Patience, ahead: number, now: number): boolean {
    if (!this.isOverloaded(now)) return false;
    const waitMillis = (ahead + 1) * this.gapMillis(now);
    return (
      now + waitMillis * SAFETY > deadline || now + (waitMillis + serviceMillis) * SAFETY > answerBy
    );
  }

  #isShedding(now: number): boolean {
    return now - this.#shedAt < INTERVAL_MILLIS;
  }

  /** The weight that is left to what was measured before. */
  #kept(elapsed: number): number {
    const fewest = Math.min(1, FEWEST_DEPARTURES / this.#departures);
    return Math.max(Math.exp(-elapsed / MEMORY_MILLIS), fewest);
  }
}

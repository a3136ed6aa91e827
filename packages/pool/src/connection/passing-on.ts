/** So long no connection is passed on behind a COMMIT, after a holder has gone on behind one. */
const PAUSE_MILLIS = 60_000;

/**
 * Whether connections may be passed on while the COMMIT of their holders is on the wire. Holders that give
 * them back then, as nearly all do, lose nothing; one that goes on has to wait for whoever has begun. So
 * the habit of one application is found out at the price of one wait a minute.
 */
export class PassingOn {
  #pausedUntil = Number.NEGATIVE_INFINITY;

  isGood(now: number): boolean {
    return now >= this.#pausedUntil;
  }

  holderWentOn(now: number): void {
    this.#pausedUntil = now + PAUSE_MILLIS;
  }
}

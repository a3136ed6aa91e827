const FIRST_MILLIS = 1_000;
const LONGEST_MILLIS = 15_000;
/** Of the pause, at most this share less: pages that lost one server don't return at once. */
const JITTER = 0.3;

/** How long to wait before trying again, after so many vain attempts. `random`: from 0 to 1. */
export function pauseAfter(attempts: number, random: number): number {
  const pause = Math.min(FIRST_MILLIS * 2 ** attempts, LONGEST_MILLIS);
  return Math.round(pause * (1 - JITTER * random));
}

/** From a millisecond to twelve days; one that goes on for ever has no number in the end. */
const ENOUGH_DOUBLINGS = 30;

/** The longest pause after the first failure, and of all, in milliseconds. */
export interface BackOffBounds {
  readonly baseMillis: number;
  readonly maxMillis: number;
}

/**
 * How long to wait before the next attempt: anything up to a bound that doubles with each failure.
 *
 * "Full jitter": M. Brooker, Exponential Backoff And Jitter, AWS Architecture Blog, 2015. Of the kinds
 * compared there it costs the server the least work, since callers that failed together come back apart.
 *
 * @param attempt which one has failed, from 1.
 * @param random in [0, 1).
 * @returns milliseconds.
 */
export function fullJitter(
  attempt: number,
  { baseMillis, maxMillis }: BackOffBounds,
  random: number,
): number {
  return random * Math.min(maxMillis, baseMillis * 2 ** Math.min(attempt - 1, ENOUGH_DOUBLINGS));
}

/** Evenly spaced, or at random as independent users come (exponential gaps). */
export type Arrivals = 'constant' | 'poisson';

/**
 * The moments of arrival from 0 on, in ms; the same seed gives the same ones.
 *
 * The testkit has its own for tests and the demo: what is published can't stand on it.
 */
export function* arrivalTimes(
  arrivals: Arrivals,
  ratePerSecond: number,
  seed: number,
): Generator<number, never> {
  const gapMillis = 1_000 / ratePerSecond;
  if (arrivals === 'constant') {
    for (let i = 0; ; i++) yield i * gapMillis;
  }
  const random = seededRandom(seed);
  for (let time = 0; ; ) {
    time += -Math.log(1 - random()) * gapMillis;
    yield time;
  }
}

/** Numbers from 0 to 1 (mulberry32, public domain). */
function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Evenly spaced, or at random as independent users come (exponential gaps). */
export type Arrivals = 'constant' | 'poisson';

/** The moments of arrival from 0 on, in ms; the same seed gives the same ones. */
export function* arrivalTimes(
  arrivals: Arrivals,
  ratePerSecond: number,
  seed: number,
): Generator<number, never> {
  const gapMillis = 1_000 / ratePerSecond;
  if (arrivals === 'constant') {
    for (let i = 0; ; i++) yield i * gapMillis;
  }
  const random = randomNumbers(seed);
  for (let time = 0; ; ) {
    time += -Math.log(1 - random()) * gapMillis;
    yield time;
  }
}

/** Mulberry32: Math.random() can't be seeded. */
function randomNumbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

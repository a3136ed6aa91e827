import { seededRandom } from './random.ts';

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
  const random = seededRandom(seed);
  for (let time = 0; ; ) {
    time += -Math.log(1 - random()) * gapMillis;
    yield time;
  }
}

import { LONGEST_MILLIS, type NumberOption } from '../numbers.ts';
import type { CircuitLimits } from './circuit.ts';

/**
 * The numbers of a breaker. An outage under load shows within a second, and everybody is served again
 * a second after its end: at most `maxOpenMillis` until the next probe, then `rampMillis`.
 */
export const BREAKER_NUMBERS: { readonly [name in keyof CircuitLimits]: NumberOption } = {
  failureRatio: { default: 0.5, min: 0.01, max: 1 },
  // A tenth of the window must be longer than a moment.
  windowMillis: { default: 1_000, min: 500, max: LONGEST_MILLIS },
  minimumCalls: { default: 10, min: 1, isWhole: true },
  consecutive: { default: 5, min: 1, isWhole: true },
  openMillis: { default: 100, min: 1, max: LONGEST_MILLIS },
  maxOpenMillis: { default: 250, min: 1, max: LONGEST_MILLIS },
  probes: { default: 1, min: 1, isWhole: true },
  probeMillis: { default: 750, min: 1, max: LONGEST_MILLIS },
  rampMillis: { default: 300, min: 0, max: LONGEST_MILLIS },
};

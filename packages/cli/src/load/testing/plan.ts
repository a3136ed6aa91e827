import type { LoadOptions } from '../command.ts';
import { type LoadPlan, planOf } from '../plan/plan.ts';

/** As the command line gives them when nothing is said. */
export const DEFAULTS: LoadOptions = {
  arrivals: 'constant',
  findKnee: false,
  warmup: 0,
  timeout: 10,
  header: [],
  seed: 1,
  insecure: false,
  failIf: [],
  iOwnThisHost: false,
  json: false,
};

export function planWith(options: Partial<LoadOptions>): LoadPlan {
  return planOf({ ...DEFAULTS, ...options });
}

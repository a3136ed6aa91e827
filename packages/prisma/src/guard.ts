import { createGuard, deadline, type Guard, type GuardOptions } from '@lifeguard/guard';
import { withDeadline as carry, OptionsError } from '@lifeguard/pool';
import { translateGuard } from './errors/guards-word.ts';
import type { PoolFacts } from './errors/translate.ts';

/** How the client is guarded: all of it is on unless it is switched off. */
export type LifeguardGuardOptions = Pick<GuardOptions, 'retry' | 'breaker' | 'onEvent'>;

/** One guard for the server of one client. */
export function guardFrom(
  options: LifeguardGuardOptions = {},
  deadlineMillis: number | undefined,
): Guard {
  if (deadlineMillis !== undefined && !(deadlineMillis > 0)) {
    throw new OptionsError(
      'deadlineMillis',
      `deadlineMillis is ${deadlineMillis}: give milliseconds above 0, or leave it out for no limit`,
    );
  }
  return createGuard({ ...options, deadline: { millis: deadlineMillis, carry } });
}

/** A deadline that the guard, the pool and all transactions know of. */
export async function withDeadline<T>(
  millis: number,
  run: () => PromiseLike<T>,
  facts: PoolFacts,
): Promise<T> {
  try {
    return await deadline(millis, run, { carry });
  } catch (error) {
    throw translateGuard(error, facts);
  }
}

import { createGuard, type Guard, type GuardOptions } from '@lifeguard/guard';
import { withDeadline } from '@lifeguard/pool';

/** How the client is guarded: all of it is on unless it is switched off. */
export type LifeguardGuardOptions = Pick<GuardOptions, 'retry' | 'breaker' | 'onEvent'>;

/** One guard for the server of one client. */
export function guardFrom(
  options: LifeguardGuardOptions = {},
  deadlineMillis: number | undefined,
): Guard {
  return createGuard({ ...options, deadline: { millis: deadlineMillis, carry: withDeadline } });
}

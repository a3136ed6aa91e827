import type { PoolStats } from '@lifeguard/pool';
import type { Incident } from './incident.ts';
import type { Surroundings } from './surroundings.ts';
import { duration } from './words.ts';

/** The breaker refuses callers, for the database did not answer. */
export function detectBreakerOpened(_: PoolStats, { breaker }: Surroundings = {}): Incident[] {
  if (!breaker || breaker.state === 'closed') return [];
  const { state, reason, retryAfterMillis, since } = breaker;
  return [
    {
      kind: 'breaker-opened',
      title:
        state === 'returning' ? 'the breaker lets callers back in' : 'the breaker refuses callers',
      evidence: [
        `it is ${state}${since ? ` since ${since.toISOString()}` : ''}`,
        ...(reason ? [`why it opened: ${reason}`] : []),
        ...(retryAfterMillis > 0 ? [`next attempt in ${duration(retryAfterMillis)}`] : []),
      ],
      cause:
        'Calls failed one after the other because the database could not be reached; to let everybody wait for the same answer would help nobody.',
      remedy:
        'Nothing has to be done to the breaker: it lets callers in again when the database answers. Look at why it does not.',
      weight: 0,
      isUnderWay: true,
    },
  ];
}

import type { PoolStats } from '@lifeguard/pool';
import type { Incident } from './incident.ts';
import type { Surroundings } from './surroundings.ts';
import { duration } from './words.ts';

/** The breaker refuses callers, for too many calls have failed. */
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
        // What is over before it is read is no evidence.
        ...(retryAfterMillis >= 1_000 ? [`next attempt in ${duration(retryAfterMillis)}`] : []),
      ],
      cause:
        'Calls failed one after the other; to let everybody wait for the same failure would help nobody.',
      remedy:
        'Nothing has to be done to the breaker: it lets callers in again by itself, when calls succeed. Mend what made them fail.',
      weight: 0,
      isUnderWay: true,
    },
  ];
}

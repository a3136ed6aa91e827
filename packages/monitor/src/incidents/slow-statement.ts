import type { PoolStats } from '@lifeguard/pool';
import type { Incident } from './incident.ts';
import { duration, times } from './words.ts';

/** The write-ups that Lifeguard grew out of log from one second. */
const SLOW_MILLIS = 1_000;

/** A statement that takes over a second on average. */
export function detectSlowStatements({ statements }: PoolStats): Incident[] {
  return statements
    .filter(({ meanMillis }) => meanMillis >= SLOW_MILLIS)
    .map(({ statement, executions, meanMillis, maxMillis, totalMillis }) => ({
      kind: 'slow-statement',
      title: `a statement takes ${duration(meanMillis)} on average`,
      evidence: [
        `ran ${times(executions)}, at worst ${duration(maxMillis)}`,
        `statement: ${statement}`,
      ],
      cause: 'While it runs, its connection serves nobody else.',
      remedy:
        'Look at its plan with EXPLAIN (ANALYZE, BUFFERS): an index that is missing, or rows that nobody needs. A report may belong to a replica.',
      weight: totalMillis,
      statement,
    }));
}

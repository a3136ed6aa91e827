import { duration } from '../../../terminal/words.ts';
import type { ConfigurationFacts } from '../../configuration/facts.ts';
import { defineRule } from '../rule.ts';

export const waitBound = defineRule({
  id: 'wait-bound',
  source: 'configuration',
  finds:
    'A bound on the wait for a connection that is missing, too short or too long. Of a pool that takes it from code alone it counts as given where the code under --dir names connectionTimeoutMillis.',
  why: 'Without a bound, requests pile up behind a full pool until the process runs out of memory, long after their users have gone; too short a bound fails requests in every little burst.',
  severities: ['warning', 'info'],
  needs: ['configuration'],
  thresholds: {
    leastMillis: {
      value: 10_000,
      unit: 'ms',
      means: 'worth knowing below',
      source: 'Prisma 6’s default',
    },
    mostMillis: {
      value: 60_000,
      unit: 'ms',
      means: 'a warning above',
      source: 'proxies give up after 60 s',
    },
  },
  find({ configuration }, { leastMillis, mostMillis }) {
    const { waitMillis } = configuration.pool;
    const { value, origin } = waitMillis;
    if (value >= leastMillis && value <= mostMillis) return [];
    if (value === 0) return configuration.project.waitBoundIn ? [] : [endless(configuration)];
    const isLong = value > mostMillis;
    return [
      {
        severity: isLong ? 'warning' : 'info',
        title: isLong
          ? `Callers wait up to ${duration(value / 1_000)} for a connection`
          : `Callers wait ${duration(value / 1_000)} at most for a connection`,
        evidence: [`${duration(value / 1_000)} from ${origin}`],
        remedies: [
          isLong
            ? { title: 'No longer than a user waits', language: 'url', code: '?pool_timeout=10' }
            : {
                title: 'Fine for requests that are better refused than late; else',
                language: 'url',
                code: '?pool_timeout=10',
              },
        ],
      },
    ];
  },
});

function endless({ project, pool }: ConfigurationFacts) {
  const isLifeguards = project.reader === 'lifeguard' || project.reader === 'unknown';
  return {
    severity: 'warning' as const,
    title: 'Callers wait for a connection without limit',
    evidence: [
      `no bound from ${pool.waitMillis.origin}`,
      ...(isLifeguards
        ? []
        : [`and no connectionTimeoutMillis in the code under ${project.folder}`]),
    ],
    remedies: [
      isLifeguards
        ? {
            title: 'Give the longest wait, in seconds',
            language: 'url' as const,
            code: '?pool_timeout=10',
          }
        : {
            title: 'Give it in code',
            language: 'ts' as const,
            code:
              project.reader === 'pg'
                ? 'new Pool({ connectionString, connectionTimeoutMillis: 10_000 })'
                : 'new PrismaPg({ connectionString, max: 10, connectionTimeoutMillis: 10_000 })',
          },
    ],
  };
}

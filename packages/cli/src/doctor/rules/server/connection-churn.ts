import { duration, share } from '../../../terminal/words.ts';
import { defineRule } from '../rule.ts';

const REMEDY = [
  {
    title:
      'Keep connections: one pool per process, made once and not per request; in serverless functions a pooler in between',
  },
  {
    title:
      'With Prisma 7’s own adapter every statement that fails costs its connection; @lifeguard/prisma keeps it',
    language: 'sh' as const,
    code: 'npm install @lifeguard/prisma',
  },
];

export const connectionChurn = defineRule({
  id: 'connection-churn',
  source: 'server',
  finds: 'Connections that come and go instead of being kept.',
  why: 'A connection costs the server a process and a login (TLS, SCRAM): some milliseconds of a core each. A pool whose connections are lost has its callers wait for new ones.',
  severities: ['warning', 'info'],
  needs: ['churn'],
  uses: ['databases', 'identity'],
  thresholds: {
    perSecond: {
      value: 5,
      unit: 'per second',
      means: 'new connections while the doctor looked',
      source: 'ours: a service that keeps its connections opens none',
    },
    averagePerSecond: {
      value: 1,
      unit: 'per second',
      means: 'new connections on average since the statistics were reset',
      source: 'ours',
    },
    sessions: {
      value: 100,
      unit: 'sessions',
      means: 'at least, for an average to mean something',
      source: 'ours',
    },
    lifeSeconds: {
      value: 30,
      unit: 's',
      means: 'and they lived so short on average',
      source: 'ours: pools keep them for minutes',
    },
  },
  find({ churn, databases, identity }, limits) {
    const rate = churn.newSessions / churn.seconds;
    if (rate >= limits.perSecond) {
      return [
        {
          severity: 'warning',
          title: `${rate.toFixed(0)} new connections a second while the doctor looked`,
          evidence: [`${churn.newSessions} in ${churn.seconds.toFixed(1)} s, over all databases`],
          remedies: REMEDY,
        },
      ];
    }
    const own = databases?.find(({ name }) => name === identity?.database);
    if (!own?.sessions || own.sessionTime === null || own.sessions < limits.sessions) return [];
    const seconds = own.statsAge ?? identity?.uptime ?? 0;
    const average = seconds > 0 ? own.sessions / seconds : 0;
    const life = own.sessionTime / own.sessions;
    if (average < limits.averagePerSecond || life > limits.lifeSeconds) return [];
    return [
      {
        severity: 'info',
        title: `${average.toFixed(1)} new connections a second on average, which lived ${duration(life)}`,
        evidence: [`${own.sessions} sessions in ${duration(seconds)} in database ${own.name}`],
        remedies: REMEDY,
      },
    ];
  },
});

export const abandonedSessions = defineRule({
  id: 'abandoned-sessions',
  source: 'server',
  finds: 'Sessions whose client went away without a goodbye.',
  why: 'Processes that are killed instead of drained leave their connections to the server, which may keep them, and their transactions, until it notices.',
  severities: ['info'],
  needs: ['databases', 'identity'],
  thresholds: {
    sessions: { value: 100, unit: 'sessions', means: 'at least so many', source: 'ours' },
    percent: { value: 20, unit: '%', means: 'of all sessions', source: 'ours' },
  },
  find({ databases, identity }, { sessions, percent }) {
    const own = databases.find(({ name }) => name === identity.database);
    if (!own?.sessions || !own.abandoned || own.abandoned < sessions) return [];
    if ((100 * own.abandoned) / own.sessions < percent) return [];
    return [
      {
        severity: 'info',
        title: `${own.abandoned} of ${own.sessions} sessions (${share(own.abandoned, own.sessions)}) ended because their client was gone`,
        evidence: [`database ${own.name}, since the statistics were reset`],
        remedies: [
          {
            title: 'Drain the pool at SIGTERM: db.shutdown() of @lifeguard/prisma, or pool.end()',
            language: 'ts',
            code: "process.once('SIGTERM', () => db.shutdown());",
          },
        ],
      },
    ];
  },
});

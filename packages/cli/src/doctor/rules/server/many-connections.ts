import { defineRule } from '../rule.ts';

export const manyConnections = defineRule({
  id: 'many-connections',
  source: 'server',
  finds: 'So many connections that the server pays for them, busy or not.',
  why: 'Each is a process with memory of its own, and every snapshot has to look at them all. A pooler serves thousands of clients with some dozens.',
  severities: ['warning'],
  needs: ['sessions'],
  uses: ['pooler'],
  thresholds: {
    connections: {
      value: 500,
      unit: 'connections',
      means: 'a warning from here on',
      source: 'PgHero',
    },
  },
  find({ sessions, pooler }, { connections }) {
    if (sessions.length < connections) return [];
    const busy = sessions.filter(({ state }) => state === 'active').length;
    return [
      {
        severity: 'warning',
        title: `${sessions.length} connections are open, ${busy} of them do something`,
        evidence: [],
        remedies: [
          {
            title: pooler
              ? 'Lower default_pool_size of the pooler'
              : 'Put PgBouncer in transaction mode between the applications and the server, with a pool of about twice the server’s cores',
          },
        ],
      },
    ];
  },
});

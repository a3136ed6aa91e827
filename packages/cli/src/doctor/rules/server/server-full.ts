import { share } from '../../../terminal/words.ts';
import { quoteName } from '../../sql/names.ts';
import { capacityOf } from '../capacity.ts';
import { defineRule } from '../rule.ts';
import { connections } from '../tell.ts';

export const serverFull = defineRule({
  id: 'server-full',
  source: 'server',
  finds: 'How much of max_connections is in use, without what is reserved for superusers.',
  why: 'When the last is taken, every new connection of every application fails with 53300 “too many clients”: pools that have to grow or reconnect fail, also those that behave.',
  severities: ['critical', 'warning'],
  needs: ['settings', 'sessions'],
  thresholds: {
    warnPercent: {
      value: 80,
      unit: '%',
      means: 'a warning from here on',
      source: 'the 70–80 % rule',
    },
    criticalPercent: {
      value: 90,
      unit: '%',
      means: 'critical from here on',
      source: 'ours: a deploy takes more than the rest',
    },
  },
  find({ settings, sessions }, { warnPercent, criticalPercent }) {
    const { usable, used, free, max, reserved } = capacityOf(settings, sessions);
    const percent = usable > 0 ? (100 * used) / usable : 100;
    if (percent < warnPercent) return [];
    const idle = sessions.filter(({ state }) => state === 'idle');
    const biggest = biggestUser(sessions.map(({ user }) => user));
    return [
      {
        severity: percent >= criticalPercent ? 'critical' : 'warning',
        title:
          free === 0
            ? `All ${usable} connections that the server offers are taken`
            : `${used} of ${usable} connections are in use (${share(used, usable)}), ${free} are free`,
        evidence: [
          `max_connections ${max}, ${reserved} of them reserved`,
          `${connections(idle.length)} of them idle, doing nothing`,
          ...(biggest ? [`most are of user ${biggest.user}: ${biggest.count}`] : []),
        ],
        remedies: [
          {
            title:
              'Now: end sessions that have been idle longest (their pools open new ones when they need them)',
            language: 'sql',
            code: `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
 WHERE state = 'idle' AND state_change < now() - interval '5 minutes'${biggest ? ` AND usename = '${biggest.user.replaceAll("'", "''")}'` : ''};`,
          },
          {
            title:
              'For good: lower connection_limit of the pools so that all instances together stay under 80 %; for more instances than that allows, put PgBouncer in between. A higher max_connections moves the failure into the server',
          },
          ...(biggest
            ? [
                {
                  title: 'So that one application can’t take the others’ connections',
                  language: 'sql' as const,
                  code: `ALTER ROLE ${quoteName(biggest.user)} CONNECTION LIMIT ${Math.floor(usable * 0.8)};`,
                },
              ]
            : []),
        ],
      },
    ];
  },
});

function biggestUser(
  users: readonly (string | null)[],
): { user: string; count: number } | undefined {
  const counts = new Map<string, number>();
  for (const user of users) if (user !== null) counts.set(user, (counts.get(user) ?? 0) + 1);
  const [first] = [...counts].sort((a, b) => b[1] - a[1]);
  return first && { user: first[0], count: first[1] };
}

import type { PageChart, PageColour } from '@lifeguard/dashboard/load-report';
import type { DatabaseSamples, PoolSamples } from '../result/result.ts';
import { line, TIME } from './lines.ts';

/** Further away than this a limit would press all else to the ground. */
const LIMIT_WITHIN = 3;

/** What the application's pool did meanwhile. */
export function poolCharts(pool: PoolSamples): PageChart[] {
  const refused = pool.refused.some((one) => one > 0);
  return [
    {
      ...TIME,
      id: `pool-${pool.name}`,
      title: `Pool ${pool.name}: connections`,
      unit: 'count',
      at: pool.at,
      lines: [
        line('used', '--accent', pool.used, 'area'),
        line('limit', '--muted', pool.max, 'dashed'),
      ],
    },
    {
      ...TIME,
      id: `pending-${pool.name}`,
      title: `Pool ${pool.name}: callers waiting`,
      unit: 'count',
      at: pool.at,
      lines: [
        line('waiting', '--accent', pool.pending, 'area'),
        ...(refused ? [line('refused a second', '--fail', pool.refused, 'bars')] : []),
      ],
    },
  ];
}

const STATE_COLOURS: Readonly<Record<string, PageColour>> = {
  active: '--accent',
  'idle in transaction': '--warn-line',
  idle: '--accent-soft',
  unseen: '--muted',
  other: '--muted',
};

/** What the server's sessions did meanwhile. */
export function databaseCharts(database: DatabaseSamples): PageChart[] {
  const { states, at, maxConnections, waitingForLocks, blockers } = database;
  // What does something stands at the bottom.
  const order = Object.keys(STATE_COLOURS);
  const names = Object.keys(states).sort((a, b) => order.indexOf(a) - order.indexOf(b));
  const total = Math.max(
    ...at.map((_, i) => names.reduce((sum, name) => sum + (states[name]?.[i] ?? 0), 0)),
  );
  const showsLimit = maxConnections !== null && maxConnections <= total * LIMIT_WITHIN;
  const connections: PageChart = {
    ...TIME,
    id: 'states',
    title: 'Database connections by state',
    unit: 'count',
    isStacked: true,
    at,
    lines: [
      ...names.map((name) =>
        line(name, STATE_COLOURS[name] ?? '--muted', states[name] ?? [], 'area'),
      ),
      ...(showsLimit
        ? [
            line(
              'max_connections',
              '--ink',
              at.map(() => maxConnections),
              'dashed',
            ),
          ]
        : []),
    ],
  };
  if (Math.max(...waitingForLocks) === 0) return [connections];
  return [
    connections,
    {
      ...TIME,
      id: 'locks',
      title: 'Sessions waiting for locks',
      unit: 'count',
      at,
      lines: [
        line('waiting', '--fail', waitingForLocks, 'area'),
        line('holding them up', '--ink', blockers),
      ],
    },
  ];
}

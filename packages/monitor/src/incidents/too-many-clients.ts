import { diagnose } from '@lifeguard/guard';
import type { PoolStats } from '@lifeguard/pool';
import type { Incident } from './incident.ts';
import { count } from './words.ts';

const FULL: readonly string[] = [
  'server-max-connections',
  'role-connection-limit',
  'pooler-max-clients',
  'pooler-session-mode-limit',
];

/** The server answers, and has no connection left to give. */
export function isFull(connectError: string): boolean {
  return FULL.includes(diagnose(connectError).kind);
}

/** The server has no connection left for this pool. */
export function detectTooManyClients({
  connections,
  counts,
  lastConnectError,
}: PoolStats): Incident[] {
  if (counts.connectFailures === 0 || !lastConnectError || !isFull(lastConnectError)) return [];
  return [
    {
      kind: 'too-many-clients',
      title: 'the server refuses more connections',
      evidence: [
        `it said: ${lastConnectError}`,
        `${count(counts.connectFailures, 'attempt')} failed; this pool has ${connections.total} of the ${connections.max} that it may open`,
      ],
      cause: 'All instances together open more connections than max_connections allows.',
      remedy:
        'Lower connection_limit so that instances × limit stays under 80 % of max_connections, or put PgBouncer in between.',
      weight: counts.connectFailures,
    },
  ];
}

import { diagnose } from '@lifeguard/guard';
import type { PoolStats } from '@lifeguard/pool';
import type { Incident } from './incident.ts';
import { type Surroundings, when } from './surroundings.ts';
import { isFull } from './too-many-clients.ts';
import { count } from './words.ts';

/** Says nothing of the server: the pool had no place for the question, or is closed. */
const OF_THE_POOL: readonly string[] = [
  'app-pool-exhausted',
  'overload-shed',
  'tx-pool-self-deadlock',
  'lifecycle-misuse',
];

/** No connection can be opened: the server is not there, or lets nobody in. */
export function detectServerDown(stats: PoolStats, around: Surroundings = {}): Incident[] {
  const { connections, counts, lastConnectError, pending } = stats;
  const { ping } = around;
  // With connections that work, a login that failed is the network's moment of weakness.
  const isCut = connections.total === connections.connecting && lastConnectError !== undefined;
  const isSilent = ping instanceof Error && !OF_THE_POOL.includes(diagnose(ping).kind);
  if (!isCut && !isSilent) return [];
  const said = isCut ? lastConnectError : (ping as Error).message;
  if (isFull(said)) return [];
  const { kind, title, causes } = diagnose(isCut ? lastConnectError : ping);
  // What is being opened has neither been idle nor been ended by anybody: it never was.
  const isKnown =
    kind === 'unreachable' ||
    kind in REMEDIES ||
    !(isCut || kind === 'unknown' || kind === 'stale-connection');
  return [
    {
      kind: 'server-down',
      title: isKnown ? lowerFirst(title) : 'no connection to the database can be opened',
      evidence: [
        `the last attempt to connect met: ${said}`,
        `${count(counts.connectFailures, 'attempt')} failed ${when(around)}`,
        ...(pending > 0 ? [`${count(pending, 'caller')} waiting`] : []),
      ],
      cause:
        (isKnown && causes[0]) ||
        'The server is down, restarting, or the network does not reach it.',
      remedy: REMEDIES[kind] ?? unreachable(said),
      weight: counts.connectFailures * Math.max(1, connections.max) + pending,
      isUnderWay: true,
    },
  ];
}

/** For whoever looks at three in the morning; `lifeguard explain` tells more. */
const REMEDIES: Readonly<Record<string, string>> = {
  'server-starting':
    'Wait: the pool tries again by itself. If it does not end, the server log says how far the recovery is.',
  authentication:
    'Try the same URL by hand (`psql "$DATABASE_URL"`); a password that was changed has to be changed in the application, too.',
  tls: 'Compare sslmode and the certificates of the URL with what the server offers.',
};

/** `said`: what the last attempt met, which mostly ends with the address. */
function unreachable(said: string): string {
  const [, host = '…', port = '…'] = /(\S+):(\d+)$/.exec(said) ?? [];
  return `Look whether the server runs and the network reaches it (\`pg_isready -h ${host} -p ${port}\`). The pool tries again by itself and needs no restart. Reads whose answers are kept for it (\`cacheStrategy: { ttl: 10, staleOnError: 3600 }\`) go on meanwhile.`;
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}

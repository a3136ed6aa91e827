import type { PoolStats } from '@lifeguard/pool';
import type { BlockerSnapshot, ServerSnapshot, SessionSnapshot } from '../server/view.ts';
import type { Incident } from './incident.ts';
import type { Surroundings } from './surroundings.ts';
import { count, duration } from './words.ts';

/** A wait for a lock that is worth telling: shorter ones are every day's. */
const BLOCKED_MILLIS = 2_000;
/** PgHero's: a statement, or a transaction with nothing to do, that nobody waits for any more. */
const LONG_MILLIS = 60_000;
/** Above this share of the connections that may be opened, the next deploy finds none. */
const FULL_SHARE = 0.9;
/** What runs long by design. */
const LONG_BY_DESIGN: readonly (string | null)[] = ['pg_dump', 'pg_dumpall', 'pg_basebackup'];
/** Told of each; more say the same. */
const MOST_NAMED = 3;

/** What the server's own sessions say: who holds up others, what runs on and on, whether there is room left. */
export function detectServerSessions(_: PoolStats, { server }: Surroundings = {}): Incident[] {
  if (!server || server.problem !== null) return [];
  return [...blocking(server), ...forgotten(server), ...endless(server), ...full(server)];
}

function blocking({ blockers }: ServerSnapshot): Incident[] {
  const roots = blockers.filter((root) => longestWait(root) >= BLOCKED_MILLIS);
  return byApplication(roots, ({ session }) => session).map(([application, group]) => {
    const waiting = group.reduce((sum, root) => sum + root.waiting, 0);
    const isIdle = group.some(({ session }) => session?.state?.startsWith('idle') ?? false);
    const wait = Math.max(...group.map(longestWait));
    return {
      kind: isIdle ? 'idle-in-transaction' : 'slow-statement',
      title: `${application} holds up ${count(waiting, 'session')}${isIdle ? ' with nothing to do in its transaction' : ''}`,
      evidence: [
        `the longest has waited for ${duration(wait)}`,
        ...group.slice(0, MOST_NAMED).map(({ pid, session }) => describe(pid, session)),
      ],
      cause: isIdle
        ? 'A transaction keeps its row locks until it ends, and this one waits for something else than the database.'
        : 'A statement or transaction that takes long keeps its locks for as long, and others wait for them.',
      remedy: `Find what keeps it. If it must end at once: \`SELECT pg_terminate_backend(${group[0]?.pid})\`. idle_in_transaction_session_timeout and lock_timeout bound such waits.`,
      weight: waiting * wait,
      owner: application,
      subject: 'locks',
      isUnderWay: true,
    } satisfies Incident;
  });
}

function longestWait({ blocks }: BlockerSnapshot): number {
  return Math.max(0, ...blocks.map(({ session }) => session?.stateMillis ?? 0));
}

/** Those that hold up others are told of already. */
function forgotten({ idleInTransaction, blockers }: ServerSnapshot): Incident[] {
  const held = new Set(blockers.map(({ pid }) => pid));
  const old = idleInTransaction.filter(
    ({ pid, stateMillis }) => !held.has(pid) && (stateMillis ?? 0) >= LONG_MILLIS,
  );
  return byApplication(old, (session) => session).map(([application, group]) => ({
    kind: 'idle-in-transaction',
    title: `${application} has been idle in a transaction for ${duration(longest(group))}`,
    evidence: group.slice(0, MOST_NAMED).map((session) => describe(session.pid, session)),
    cause:
      'The transaction was begun and not ended. It keeps a connection and its locks, and vacuum can remove nothing that is newer than it.',
    remedy: `Find the code that does not end it, on every way out. \`SELECT pg_terminate_backend(${group[0]?.pid})\` ends this one; idle_in_transaction_session_timeout ends such sessions by itself.`,
    weight: group.reduce((sum, { stateMillis }) => sum + (stateMillis ?? 0), 0),
    owner: application,
    subject: 'server',
    isUnderWay: true,
  }));
}

function endless({ longRunning }: ServerSnapshot): Incident[] {
  const old = longRunning.filter(
    ({ application, stateMillis }) =>
      (stateMillis ?? 0) >= LONG_MILLIS && !LONG_BY_DESIGN.includes(application),
  );
  return byApplication(old, (session) => session).map(([application, group]) => ({
    kind: 'slow-statement',
    title: `a statement of ${application} has been running for ${duration(longest(group))}`,
    evidence: group.slice(0, MOST_NAMED).map((session) => describe(session.pid, session)),
    cause:
      'Most likely nobody waits for its answer any more, and it takes the server from the others.',
    remedy: `Look at its plan with EXPLAIN. \`SELECT pg_cancel_backend(${group[0]?.pid})\` ends this one; statement_timeout ends such statements by itself.`,
    weight: group.reduce((sum, { stateMillis }) => sum + (stateMillis ?? 0), 0),
    owner: application,
    subject: 'server',
    isUnderWay: true,
  }));
}

function full({ connections }: ServerSnapshot): Incident[] {
  const { max, used, byApplication: applications } = connections;
  if (max === null || used < max * FULL_SHARE) return [];
  return [
    {
      kind: 'too-many-clients',
      title: `the server has ${count(Math.max(0, max - used), 'connection')} left`,
      evidence: [
        `${used} of ${max} are open`,
        ...applications
          .slice(0, MOST_NAMED)
          .map(
            ({ application, total, idle }) => `${application} has ${total}, ${idle} of them idle`,
          ),
      ],
      cause: 'All instances together open nearly as many connections as max_connections allows.',
      remedy:
        'Lower connection_limit so that instances × limit stays under 80 % of max_connections, or put PgBouncer in between.',
      weight: used,
      subject: 'headroom',
      isUnderWay: true,
    },
  ];
}

function byApplication<T>(
  all: readonly T[],
  session: (one: T) => SessionSnapshot | null,
): [application: string, group: T[]][] {
  const groups = new Map<string, T[]>();
  for (const one of all) {
    const application = session(one)?.application ?? 'a session without application_name';
    const group = groups.get(application);
    if (group) group.push(one);
    else groups.set(application, [one]);
  }
  return [...groups];
}

function longest(sessions: readonly SessionSnapshot[]): number {
  return Math.max(...sessions.map(({ stateMillis }) => stateMillis ?? 0));
}

function describe(pid: number, session: SessionSnapshot | null): string {
  if (!session) return pid === 0 ? 'a prepared transaction' : `pid ${pid}, which is not seen`;
  const { state, stateMillis, role, statement } = session;
  const who = `pid ${pid}${role === null ? '' : ` of ${role}`}`;
  const since = stateMillis === null ? '' : ` for ${duration(stateMillis)}`;
  const what = statement === null ? '' : `: ${statement}`;
  return `${who}, ${state ?? 'its state is not seen'}${since}${what}`;
}

import { summarizeStatement } from '@lifeguard/pool';
import type { ReplicaStatus } from '../incidents/surroundings.ts';
import { type BlockingNode, blockingTree } from './blocking-tree.ts';
import type { Session } from './queries/activity.ts';
import type { ServerLimits } from './queries/limits.ts';
import type { Replication } from './queries/replication.ts';
import { type CountedStatement, howToCountStatements } from './queries/statements.ts';
import { follow, type KnownStandby, type Standbys } from './standbys.ts';
import type {
  ApplicationSessions,
  BlockerSnapshot,
  ServerSnapshot,
  ServerStatement,
  SessionSnapshot,
} from './view.ts';

/** A session at work, or idle in its transaction, for less is nobody's business. */
const LONG_MILLIS = 1_000;
const MOST_LISTED = 20;
/** Trees of locks are rarely large; a snapshot must never be. */
const MOST_BLOCKERS = 100;
const HIDDEN = '<insufficient privilege>';

/** What has been answered so far. */
export interface Answers {
  readonly sessions?: readonly Session[] | undefined;
  readonly limits?: ServerLimits | undefined;
  readonly replication?: Replication | undefined;
  /** Those that have been seen at all looks so far; without it, at the last one. */
  readonly standbys?: Standbys | undefined;
  readonly statements?: readonly CountedStatement[] | undefined;
  /** Nobody wants them. */
  readonly leavesStatements?: boolean | undefined;
  /** Questions that the server refused, and why. */
  readonly refused?: Readonly<Record<string, string>> | undefined;
  readonly at?: Date | undefined;
  readonly problem?: string | undefined;
}

/** The answers as they are shown. Pure. */
export function summarizeServer(answers: Answers): ServerSnapshot {
  const { sessions = [], limits, replication, statements, at, problem } = answers;
  return {
    at: at?.toISOString() ?? null,
    version: limits?.version ?? null,
    startedAt: limits?.startedAt ?? null,
    isReplica: limits?.isReplica ?? false,
    lagMillis: replication?.ownLagMillis ?? null,
    connections: {
      max: limits ? limits.maxConnections - limits.reservedConnections : null,
      reserved: limits?.reservedConnections ?? null,
      used: answers.sessions ? sessions.length + 1 : 0,
      roleLimit: limits?.roleLimit ?? null,
      databaseLimit: limits?.databaseLimit ?? null,
      byState: countBy(sessions, ({ state }) => state ?? 'not seen'),
      byApplication: byApplication(sessions).slice(0, MOST_LISTED),
    },
    longRunning: longest(sessions, ({ state }) => state === 'active'),
    idleInTransaction: longest(sessions, isIdleInTransaction),
    blockers: shownTree(blockingTree(sessions)),
    statements: statements?.map(shownStatement) ?? null,
    statementsMissing: statementsMissing(answers),
    replicas: replication ? replicasOf(replication, answers.standbys) : [],
    notSeen: notSeen(answers),
    problem: problem ?? null,
  };
}

function isIdleInTransaction({ state }: Session): boolean {
  return state?.startsWith('idle in transaction') ?? false;
}

function countBy(sessions: readonly Session[], key: (session: Session) => string) {
  const counts: Record<string, number> = {};
  for (const session of sessions) counts[key(session)] = (counts[key(session)] ?? 0) + 1;
  return counts;
}

function byApplication(sessions: readonly Session[]): ApplicationSessions[] {
  const groups = new Map<string, Session[]>();
  for (const session of sessions) {
    const name = session.application ?? 'no application_name';
    const group = groups.get(name);
    if (group) group.push(session);
    else groups.set(name, [session]);
  }
  return [...groups]
    .map(([application, group]) => ({
      application,
      total: group.length,
      active: group.filter(({ state }) => state === 'active').length,
      idle: group.filter(({ state }) => state === 'idle').length,
      idleInTransaction: group.filter(isIdleInTransaction).length,
    }))
    .sort((a, b) => b.total - a.total || a.application.localeCompare(b.application));
}

function longest(
  sessions: readonly Session[],
  matches: (session: Session) => boolean,
): SessionSnapshot[] {
  return sessions
    .filter((session) => matches(session) && (session.stateMillis ?? 0) >= LONG_MILLIS)
    .sort((a, b) => (b.stateMillis ?? 0) - (a.stateMillis ?? 0))
    .slice(0, MOST_LISTED)
    .map(shownSession);
}

function shownSession({ query, blockedBy: _, ...session }: Session): SessionSnapshot {
  return { ...session, statement: masked(query) };
}

function shownStatement({ query, ...counted }: CountedStatement): ServerStatement {
  return { ...counted, statement: masked(query) ?? 'not seen' };
}

/** Normalised or not, a text may hold literals: of utility statements, and of what runs now. */
function masked(query: string | null): string | null {
  return query === null || query === HIDDEN ? null : summarizeStatement(query);
}

function shownTree(roots: readonly BlockingNode[]): BlockerSnapshot[] {
  let left = MOST_BLOCKERS;
  const shown = ({
    pid,
    session,
    alsoBlockedBy,
    blocks,
    waiting,
  }: BlockingNode): BlockerSnapshot => {
    left--;
    return {
      pid,
      session: session ? shownSession(session) : null,
      alsoBlockedBy,
      blocks: blocks.flatMap((node) => (left > 0 ? [shown(node)] : [])),
      waiting,
    };
  };
  return roots.flatMap((root) => (left > 0 ? [shown(root)] : []));
}

function replicasOf(replication: Replication, seen: Standbys | undefined): ReplicaStatus[] {
  const { known } = seen ?? follow(undefined, replication, 0);
  const names = known.map(({ standby }) => standby.name);
  return known.map((one) => {
    const { name, client } = one.standby;
    const isUnique = names.indexOf(name) === names.lastIndexOf(name);
    const shown = isUnique || client === null ? name : `${name} at ${client}`;
    return { name: shown, ...statusOf(one, replication) };
  });
}

function statusOf(
  { standby, missingSince, isLost }: KnownStandby,
  { keptBySlot }: Replication,
): Omit<ReplicaStatus, 'name'> {
  const { state, lagBytes, lagMillis, slot } = standby;
  if (isLost && missingSince !== null) {
    return {
      isUp: false,
      lostSince: new Date(missingSince).toISOString(),
      ...(slot !== null && { slot, keptBytes: keptBySlot[slot] }),
    };
  }
  // How far it is behind is not known of one that may be back in a moment.
  if (missingSince !== null) return { isUp: true };
  return {
    isUp: state === null || state === 'streaming' || state === 'catchup',
    ...(lagMillis !== null && { lagMillis }),
    ...(lagBytes !== null && { lagBytes }),
  };
}

function statementsMissing({ limits, leavesStatements, refused }: Answers): string | null {
  if (leavesStatements) return 'They are left alone: the option statements is false.';
  if (refused?.statements) return `The server does not tell them: ${refused.statements}`;
  return limits ? howToCountStatements(limits) : null;
}

function notSeen({ sessions, limits, refused = {} }: Answers): string[] {
  const hidden = sessions?.filter(({ query, state }) => query === HIDDEN || state === null).length;
  return [
    ...(limits && !limits.seesAll && (hidden ?? 0) > 0
      ? [
          `what ${hidden} sessions of other roles do: GRANT pg_read_all_stats TO ${quoted(limits.role)} shows it`,
        ]
      : []),
    ...Object.entries(refused)
      .filter(([name]) => name !== 'statements')
      .map(([name, why]) => `${name}: ${why}`),
  ];
}

function quoted(role: string): string {
  return /^[a-z_][a-z0-9_]*$/.test(role) ? role : `"${role.replaceAll('"', '""')}"`;
}

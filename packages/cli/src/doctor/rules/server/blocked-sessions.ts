import { cut, plural } from '../../../terminal/words.ts';
import type { SessionFact } from '../../server/facts.ts';
import { defineRule } from '../rule.ts';
import { forHowLong, whoIs } from '../tell.ts';

const STATEMENT_LENGTH = 60;
/** A tree of hundreds is no picture any more. */
const MOST_LINES = 15;

export const blockedSessions = defineRule({
  id: 'blocked-sessions',
  source: 'server',
  finds: 'Sessions that wait for a lock, as a tree under those that hold it.',
  why: 'Every one that waits holds a connection of its pool. One forgotten transaction or one ALTER TABLE can so take them all.',
  severities: ['critical', 'warning'],
  needs: ['sessions'],
  thresholds: {
    warnSeconds: {
      value: 5,
      unit: 's',
      means: 'a warning when one waits for so long',
      source: 'ours: half of the usual wait bound of a pool',
    },
    criticalSeconds: {
      value: 30,
      unit: 's',
      means: 'critical when one waits for so long',
      source: 'ours',
    },
    criticalCount: {
      value: 3,
      unit: 'sessions',
      means: 'critical when one session blocks so many',
      source: 'pganalyze',
    },
  },
  find({ sessions }, { warnSeconds, criticalSeconds, criticalCount }) {
    const blocked = sessions.filter(({ blockedBy }) => blockedBy.length > 0);
    const longest = Math.max(0, ...blocked.map(waitOf));
    const [worst] = blockersOf(sessions);
    if (longest < warnSeconds || !worst) return [];
    const isCritical = longest >= criticalSeconds || worst.blocks >= criticalCount;
    const { holder, pid, blocks } = worst;
    return [
      {
        severity: isCritical ? 'critical' : 'warning',
        title: `${plural(blocked.length, 'session')} ${blocked.length === 1 ? 'waits' : 'wait'} for locks, the longest for ${forHowLong(longest)}; pid ${pid} holds up ${blocks}`,
        evidence: tree(sessions).slice(0, MOST_LINES),
        subjects: blocked.map((session) => `pid ${session.pid}`),
        remedies: [
          holder
            ? {
                title: `Now: end what holds the lock (${holder.state ?? 'unknown state'}); ${holder.state === 'active' ? 'pg_cancel_backend first: it only stops the statement' : 'it is not doing anything'}`,
                language: 'sql' as const,
                code:
                  holder.state === 'active'
                    ? `SELECT pg_cancel_backend(${pid});`
                    : `SELECT pg_terminate_backend(${pid});`,
              }
            : {
                title: 'A prepared transaction holds the lock: find and end it',
                language: 'sql' as const,
                code: "SELECT gid, prepared, owner FROM pg_prepared_xacts;\n-- ROLLBACK PREPARED '…';",
              },
          {
            title: 'For good: never wait for a lock without limit, least of all in a migration',
            language: 'sql',
            code: "SET lock_timeout = '5s';",
          },
        ],
      },
    ];
  },
});

function waitOf({ stateFor, statementFor }: SessionFact): number {
  return statementFor ?? stateFor ?? 0;
}

interface Blocker {
  readonly pid: number;
  readonly holder: SessionFact | undefined;
  /** Directly and by way of others. */
  readonly blocks: number;
}

/** Those who hold up others and wait for nobody, the worst first. */
function blockersOf(sessions: readonly SessionFact[]): Blocker[] {
  return rootsOf(sessions)
    .map((pid) => ({
      pid,
      holder: sessions.find((one) => one.pid === pid),
      blocks: heldUpBy(pid, sessions).size,
    }))
    .sort((a, b) => b.blocks - a.blocks);
}

function rootsOf(sessions: readonly SessionFact[]): number[] {
  const blocking = new Set(sessions.flatMap(({ blockedBy }) => blockedBy));
  const waiting = new Set(
    sessions.filter(({ blockedBy }) => blockedBy.length > 0).map(({ pid }) => pid),
  );
  const roots = [...blocking].filter((pid) => !waiting.has(pid));
  // Each waits for another of them: PostgreSQL will find the deadlock, any of them may stand first.
  return roots.length > 0 ? roots : [...blocking].slice(0, 1);
}

function heldUpBy(
  pid: number,
  sessions: readonly SessionFact[],
  found = new Set<number>(),
): Set<number> {
  for (const session of sessions) {
    if (!session.blockedBy.includes(pid) || found.has(session.pid)) continue;
    found.add(session.pid);
    heldUpBy(session.pid, sessions, found);
  }
  return found;
}

/** The tree, a line each; somebody who waits for several stands under the first of them. */
function tree(sessions: readonly SessionFact[]): string[] {
  const told = new Set<number>();
  const lines: string[] = [];
  const tell = (pid: number, depth: number) => {
    if (told.has(pid)) return;
    told.add(pid);
    const session = sessions.find((one) => one.pid === pid);
    lines.push(`${depth === 0 ? '' : `${'   '.repeat(depth - 1)}└─ `}${describe(session, pid)}`);
    for (const next of sessions) if (next.blockedBy.includes(pid)) tell(next.pid, depth + 1);
  };
  for (const { pid } of blockersOf(sessions)) tell(pid, 0);
  return lines;
}

function describe(session: SessionFact | undefined, pid: number): string {
  if (!session) return pid === 0 ? 'a prepared transaction' : `pid ${pid}`;
  const { blockedBy, state, transactionFor } = session;
  const what =
    blockedBy.length > 0
      ? `waits ${forHowLong(waitOf(session))}`
      : `${state ?? 'state unknown'}, transaction open ${forHowLong(transactionFor)}`;
  const statement =
    session.statement === null ? '' : `: ${cut(session.statement, STATEMENT_LENGTH)}`;
  return `${whoIs(session)} ${what}${statement}`;
}

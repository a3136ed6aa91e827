import type { Row } from '../../doctor/server/ask.ts';
import type { DatabaseSamples } from '../result/result.ts';

/** Of the sessions that wait, so many are asked whom they wait for: it holds up the lock manager. */
const MOST_ASKED = 20;

/**
 * Sessions of clients by application, state and wait, ours left out: a handful of rows. Whom the waiting wait for is
 * asked of those alone that wait.
 */
export const ACTIVITY = `
WITH waiting AS MATERIALIZED (
  SELECT DISTINCT pid FROM pg_locks WHERE NOT granted
), blockers AS MATERIALIZED (
  SELECT count(DISTINCT blocker)::int AS blockers
  FROM (SELECT pid FROM waiting LIMIT ${MOST_ASKED}) asked, unnest(pg_blocking_pids(asked.pid)) blocker
)
SELECT coalesce(a.application_name, '') AS application,
       coalesce(a.state, 'unseen') AS state,
       CASE WHEN a.state = 'active' THEN a.wait_event_type END AS wait,
       count(*)::int AS sessions,
       count(w.pid)::int AS locked,
       (SELECT blockers FROM blockers) AS blockers
FROM pg_stat_activity a LEFT JOIN waiting w ON w.pid = a.pid
WHERE (a.backend_type = 'client backend' OR a.backend_type IS NULL AND a.datid IS NOT NULL)
  AND a.pid <> pg_backend_pid()
GROUP BY 1, 2, 3`;

interface Group {
  readonly application: string;
  readonly state: string;
  readonly wait: string | null;
  readonly sessions: number;
}

/** The server at one moment. */
export interface Look {
  /** Seconds. */
  readonly at: number;
  readonly groups: readonly Group[];
  readonly waitingForLocks: number;
  readonly blockers: number;
}

export function readLook(at: number, rows: readonly Row[]): Look {
  const groups = rows.map((row) => ({
    application: String(row.application),
    state: String(row.state),
    wait: typeof row.wait === 'string' ? row.wait : null,
    sessions: Number(row.sessions),
  }));
  return {
    at: Number(at.toFixed(2)),
    groups,
    waitingForLocks: rows.reduce((sum, { locked }) => sum + Number(locked), 0),
    blockers: Math.max(0, ...rows.map(({ blockers }) => Number(blockers))),
  };
}

/** Of PostgreSQL's states those that somebody should see at a glance; the rest is rare. */
const STATES: Readonly<Record<string, string>> = {
  active: 'active',
  idle: 'idle',
  'idle in transaction': 'idle in transaction',
  'idle in transaction (aborted)': 'idle in transaction',
  unseen: 'unseen',
};
const OTHER = 'other';

/** What the looks found, state by state. Pure. */
export function summarize(
  looks: readonly Look[],
  problems: Readonly<Record<string, number>>,
  { where, most }: { readonly where: string; readonly most: number | null },
): DatabaseSamples {
  const stateOf = ({ state }: Group) => STATES[state] ?? OTHER;
  return {
    where,
    maxConnections: most,
    at: looks.map(({ at }) => at),
    states: seriesBy(looks, stateOf),
    waits: seriesBy(looks, ({ wait }) => wait),
    waitingForLocks: looks.map(({ waitingForLocks }) => waitingForLocks),
    blockers: looks.map(({ blockers }) => blockers),
    busiest: busiestOf(looks),
    problems,
  };
}

function seriesBy(
  looks: readonly Look[],
  nameOf: (group: Group) => string | null,
): Record<string, number[]> {
  const names = new Set(looks.flatMap(({ groups }) => groups.map(nameOf)));
  names.delete(null);
  const count = ({ groups }: Look, name: string | null) =>
    total(groups.filter((group) => nameOf(group) === name));
  return Object.fromEntries(
    [...names].sort().map((name) => [name, looks.map((look) => count(look, name))]),
  );
}

/** The program with the most sessions at work, or with the most where none is: the one that is loaded. */
function busiestOf(looks: readonly Look[]): DatabaseSamples['busiest'] {
  const names = new Set(
    looks.flatMap(({ groups }) => groups.map(({ application }) => application)),
  );
  const each = [...names].map((application) => {
    const series = (matches: (group: Group) => boolean) =>
      looks.map(({ groups }) =>
        total(groups.filter((group) => group.application === application && matches(group))),
      );
    return {
      application,
      sessions: series(() => true),
      active: series(({ state }) => state === 'active'),
      idleInTransaction: series(({ state }) => state.startsWith('idle in transaction')),
    };
  });
  const most = (values: readonly number[]) => Math.max(0, ...values);
  const [first] = each.sort(
    (a, b) => most(busyOf(b)) - most(busyOf(a)) || most(b.sessions) - most(a.sessions),
  );
  return first ?? null;
}

/** At each look: at work, or kept from others by an open transaction. */
export function busyOf({
  active,
  idleInTransaction,
}: NonNullable<DatabaseSamples['busiest']>): number[] {
  return active.map((one, i) => one + (idleInTransaction[i] ?? 0));
}

function total(groups: readonly Group[]): number {
  return groups.reduce((sum, { sessions }) => sum + sessions, 0);
}

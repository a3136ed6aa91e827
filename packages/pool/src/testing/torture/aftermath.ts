import type pg from 'pg';
import { isLoss } from './operation.ts';
import { CLEAN_SESSION, SESSION_TEXT } from './session.ts';

type Query = (text: string, values?: unknown[]) => Promise<pg.QueryResult>;

/** What a pool still does after its last caller has gone is done by then. */
const SETTLED_MILLIS = 5_000;

const SEEN_BY_SERVER = `
  SELECT state || ': ' || query AS what FROM pg_stat_activity
    WHERE application_name = 'torture' AND state <> 'idle'
  UNION ALL SELECT 'advisory lock ' || objid FROM pg_locks WHERE locktype = 'advisory'
  UNION ALL SELECT 'temporary table ' || oid::regclass FROM pg_class
    WHERE relpersistence = 't' AND relkind = 'r'`;

/**
 * What is left in the sessions of a pool that nobody uses any more, one line each: as the server sees
 * them, and as each of them sees itself.
 *
 * @param admin runs a statement in a session of its own.
 * @param max how many connections the pool has at most.
 */
export async function findLeftovers(pool: pg.Pool, admin: Query, max: number): Promise<string[]> {
  const until = performance.now() + SETTLED_MILLIS;
  let seen: string[];
  do {
    seen = (await admin(SEEN_BY_SERVER)).rows.map(({ what }) => what);
  } while (seen.length > 0 && performance.now() < until);
  return [...seen, ...(await seenByThemselves(pool, max))];
}

async function seenByThemselves(pool: pg.Pool, max: number): Promise<string[]> {
  // A pool may keep the last one for shared statements: it is asked by one.
  const held = await Promise.all(Array.from({ length: max - 1 }, () => pool.connect()));
  try {
    const sessions = await Promise.all([
      ...held.map((client) => client.query(SESSION_TEXT)),
      pool.query(SESSION_TEXT),
    ]);
    return sessions.flatMap(({ rows: [session] }) => differences(session));
  } catch (error) {
    // The pool has only now heard of the last one that was killed.
    if (isLoss(error)) return seenByThemselves(pool, max);
    throw error;
  } finally {
    for (const client of held) client.release();
  }
}

function differences(session: Readonly<Record<string, unknown>>): string[] {
  return Object.entries(CLEAN_SESSION)
    .filter(([name, value]) => session[name] !== value)
    .map(([name]) => `a session's ${name} is ${session[name]}`);
}

import type { Act, Action } from './actions.ts';

/** What can be acted on: a pool. */
export interface ActionTarget {
  reset?(): void;
  reclaim?(id: number): boolean;
  query?(text: string): unknown;
}

/** Carries out actions on pools, by the names under which they are shown. */
export function actOn(pools: () => Readonly<Record<string, ActionTarget>>): Act {
  return async (action) => {
    const all = pools();
    const pool = Object.hasOwn(all, action.pool) ? all[action.pool] : undefined;
    if (!pool) throw new Error(`There is no pool "${action.pool}".`);
    switch (action.name) {
      case 'reset':
        return reset(pool, action);
      case 'terminate':
        return terminate(pool, action);
      case 'reclaim':
        return reclaim(pool, action);
    }
  };
}

function reset(pool: ActionTarget, { pool: name }: Action): string {
  if (!pool.reset) throw new Error(`Pool "${name}" can't be reset.`);
  pool.reset();
  return `Each connection of "${name}" is replaced as soon as it has nothing to do.`;
}

function reclaim(pool: ActionTarget, { pool: name, checkout = 0 }: Action): string {
  if (!pool.reclaim) throw new Error(`Connections of pool "${name}" can't be taken back.`);
  if (!pool.reclaim(checkout)) throw new Error('That checkout has ended by itself.');
  return 'The connection is taken back; what was begun on it is rolled back.';
}

/** Sessions of the pool's own database alone, and none of the server's own processes. */
async function terminate(pool: ActionTarget, { pool: name, pid }: Action): Promise<string> {
  if (!pool.query) throw new Error(`Pool "${name}" can't be asked for it.`);
  // A whole number, as readAction() has seen to.
  const result = await pool.query(
    `SELECT pg_terminate_backend(pid) AS ended FROM pg_stat_activity WHERE pid = ${pid} AND datname = current_database() AND backend_type = 'client backend' AND pid <> pg_backend_pid()`,
  );
  const { rows = [] } = result as { rows?: readonly { ended?: boolean }[] };
  if (rows.length === 0) throw new Error(`Its database has no session ${pid} any more.`);
  if (!rows[0]?.ended) throw new Error(`Session ${pid} could not be ended.`);
  return `Session ${pid} is ended; what it did is rolled back.`;
}

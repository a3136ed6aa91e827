import pg from 'pg';

/** What a caller believes of its write: it was acknowledged, certainly not done, or it can't know. */
export type Belief = 'done' | 'not done' | 'unknown';

/** The table that writers of all callers share; an id that is there twice was written twice. */
export const LEDGER_TABLE = 'CREATE TABLE ledger (id int NOT NULL)';

let last = 0;

/** A number that nobody has had before, by which an answer is known. */
export function nextId(): number {
  return ++last;
}

/** Who has written what, to be compared with what the server has. */
export class Ledger {
  readonly #beliefs = new Map<number, Belief>();

  /** An id for a new write, which is not done until its caller knows better. */
  next(): number {
    const id = nextId();
    this.#beliefs.set(id, 'not done');
    return id;
  }

  believe(id: number, belief: Belief): void {
    this.#beliefs.set(id, belief);
  }

  count(belief: Belief): number {
    return [...this.#beliefs.values()].filter((one) => one === belief).length;
  }

  /** What is wrong with the table, one line each. */
  async violations(
    query: (text: string, values: unknown[]) => Promise<pg.QueryResult>,
  ): Promise<string[]> {
    const text = `SELECT id, count(*)::int AS times FROM ledger WHERE id = ANY ($1) GROUP BY id`;
    const { rows } = await query(text, [[...this.#beliefs.keys()]]);
    const times = new Map<number, number>(rows.map((row) => [row.id, row.times]));
    return [...this.#beliefs].flatMap(([id, belief]) => {
      const found = times.get(id) ?? 0;
      if (found > 1) return [`write ${id} (${belief}) is in the table ${found} times`];
      if (belief === 'done' && found === 0) return [`write ${id} was acknowledged and is lost`];
      if (belief === 'not done' && found === 1) return [`write ${id} was refused and is there`];
      return [];
    });
  }
}

/**
 * The pool says it on its own errors; an error with which the server answered is certain as well. Of a
 * connection that was lost nobody can know.
 */
export function beliefAfter(error: unknown): Belief {
  const { outcome } = error as { outcome?: string };
  if (outcome !== undefined) return outcome === 'unknown' ? 'unknown' : 'not done';
  return error instanceof pg.DatabaseError && error.severity === 'ERROR' ? 'not done' : 'unknown';
}

import type pg from 'pg';
import {
  type Desk,
  expectEqual,
  expectError,
  expectRows,
  type Operation,
  write,
} from '../operation.ts';

const INSERT = 'INSERT INTO ledger VALUES ($1) RETURNING id';

/** Several statements in one string have several results. */
const all = (answer: Promise<unknown>) => answer as Promise<pg.QueryResult[]>;

export const WRITES: readonly Operation[] = [
  {
    name: 'write',
    weight: 12,
    async run(desk, id) {
      expectRows(await write(desk, id, desk.pool.query(INSERT, [id])), [{ id }]);
    },
  },
  {
    name: 'named write',
    weight: 3,
    async run(desk, id) {
      const answer = desk.pool.query({ name: 'named_write', text: INSERT, values: [id] });
      expectRows(await write(desk, id, answer), [{ id }]);
    },
  },
  {
    name: 'write within a read',
    weight: 2,
    async run(desk, id) {
      const text = `WITH written AS (${INSERT}) SELECT id FROM written`;
      expectRows(await write(desk, id, desk.pool.query(text, [id])), [{ id }]);
    },
  },
  {
    name: 'several statements in one string',
    weight: 2,
    async run(desk, id) {
      const text = `INSERT INTO ledger VALUES (${id}); SELECT ${id} AS id`;
      const [inserted, selected] = await write(desk, id, all(desk.pool.query(text)));
      expectEqual([inserted?.command, inserted?.rowCount], ['INSERT', 1]);
      expectRows(selected ?? { rows: [] }, [{ id }]);
    },
  },
  {
    name: 'several statements, of which the last fails',
    weight: 1,
    run: (desk, id) => {
      const text = `INSERT INTO ledger VALUES (${id}); SELECT oops_${id}`;
      return expectError(desk.pool.query(text), '42703', `oops_${id}`);
    },
  },
  {
    name: 'transaction in one string',
    weight: 1,
    async run(desk, id) {
      const text = `BEGIN; INSERT INTO ledger VALUES (${id}); COMMIT`;
      const results = await write(desk, id, all(desk.pool.query(text)));
      expectEqual(
        results.map(({ command }) => command),
        ['BEGIN', 'INSERT', 'COMMIT'],
      );
    },
  },
  {
    name: 'transaction in one string, left open',
    weight: 1,
    async run({ pool }, id) {
      await pool.query(`BEGIN; INSERT INTO ledger VALUES (${id})`);
    },
  },
  {
    name: 'BEGIN by pool.query',
    weight: 1,
    run: beginByPool,
  },
];

/** Each of the three has a session of its own: the write is no part of a transaction. */
async function beginByPool(desk: Desk, id: number): Promise<void> {
  const { pool } = desk;
  await pool.query('BEGIN');
  expectRows(await write(desk, id, pool.query(INSERT, [id])), [{ id }]);
  await pool.query('ROLLBACK');
}

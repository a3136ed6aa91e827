import {
  commit,
  type Desk,
  expectEqual,
  expectError,
  expectRows,
  type Operation,
  onCheckout,
  write,
} from '../operation.ts';
import { CopyIn, CopyOut, Cursor, converse } from '../submittables.ts';

const COPY_IN = 'COPY ledger FROM STDIN';
const NUMBERS = 'SELECT $1::int + n FROM generate_series(0, 24) n';

const numbersFrom = (id: number) => Array.from({ length: 25 }, (_, n) => `${id + n}`);

/** What a pool must not send behind or before anything else. */
export const CONVERSATIONS: readonly Operation[] = [
  {
    name: 'COPY FROM by pool.query',
    weight: 1,
    run: async (desk, id) => {
      await write(desk, id, converse(desk.pool, new CopyIn(COPY_IN, [`${id}`])));
    },
  },
  {
    name: 'COPY FROM in a transaction',
    weight: 1,
    run: (desk, id) =>
      onCheckout(desk, async (client) => {
        const second = desk.ledger.next();
        await client.query('BEGIN');
        await converse(client, new CopyIn(COPY_IN, [`${id}`, `${second}`]));
        await commit(desk, client, [id, second]);
      }),
  },
  {
    name: 'COPY FROM that fails',
    weight: 1,
    run: ({ pool }, id) => {
      const copy = new CopyIn(COPY_IN, [`${id}`, `oops_${id}`]);
      return expectError(converse(pool, copy), '22P02', `oops_${id}`);
    },
  },
  {
    name: 'COPY FROM that nobody feeds',
    weight: 1,
    run: ({ pool }) => expectError(pool.query(COPY_IN), '57014', 'No source stream defined'),
  },
  {
    name: 'COPY TO',
    weight: 1,
    run: async ({ pool }, id) => {
      const copy = new CopyOut(`COPY (SELECT ${id}, n FROM generate_series(1, 3) n) TO STDOUT`);
      expectEqual(await converse(pool, copy), `${id}\t1\n${id}\t2\n${id}\t3\n`);
    },
  },
  {
    name: 'cursor',
    weight: 1,
    run: async ({ pool }, id) => {
      expectEqual(await converse(pool, new Cursor(NUMBERS, [id], 10)), numbersFrom(id));
    },
  },
  {
    name: 'cursor on a checkout',
    weight: 1,
    run: (desk, id) =>
      onCheckout(desk, async (client) => {
        expectEqual(await converse(client, new Cursor(NUMBERS, [id], 7)), numbersFrom(id));
        expectRows(await client.query('SELECT $1::int AS id', [id]), [{ id }]);
      }),
  },
  {
    name: 'cursor that fails between rows',
    weight: 1,
    run: ({ pool }, id) => {
      const text = 'SELECT $1::int, 1 / (25 - n) FROM generate_series(1, 30) n';
      return expectError(converse(pool, new Cursor(text, [id], 10)), '22012', 'division by zero');
    },
  },
  {
    name: 'cursor of SQL',
    weight: 1,
    run: sqlCursor,
  },
];

async function sqlCursor(desk: Desk, id: number): Promise<void> {
  await onCheckout(desk, async (client) => {
    await client.query('BEGIN');
    await client.query(`DECLARE c CURSOR FOR SELECT ${id} + n AS id FROM generate_series(0, 24) n`);
    expectRows(await client.query('FETCH 2 FROM c'), [{ id }, { id: id + 1 }]);
    expectRows(await client.query('FETCH 1 FROM c'), [{ id: id + 2 }]);
  });
}

import type pg from 'pg';
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

const INSERT = 'INSERT INTO ledger VALUES ($1) RETURNING id';

async function insert(client: pg.PoolClient, id: number): Promise<void> {
  expectRows(await client.query(INSERT, [id]), [{ id }]);
}

async function begun(
  desk: Desk,
  id: number,
  then: (client: pg.PoolClient) => Promise<void> = async () => {},
): Promise<void> {
  await onCheckout(desk, async (client) => {
    await client.query('BEGIN');
    await insert(client, id);
    await then(client);
  });
}

export const TRANSACTIONS: readonly Operation[] = [
  {
    name: 'transaction committed',
    weight: 6,
    run: (desk, id) =>
      begun(desk, id, async (client) => {
        const second = desk.ledger.next();
        await insert(client, second);
        const text = 'SELECT id FROM ledger WHERE id = ANY ($1) ORDER BY id';
        expectRows(await client.query(text, [[id, second]]), [{ id }, { id: second }]);
        await commit(desk, client, [id, second]);
      }),
  },
  {
    name: 'transaction rolled back',
    weight: 3,
    run: (desk, id) =>
      begun(desk, id, async (client) => {
        expectEqual((await client.query('ROLLBACK')).command, 'ROLLBACK');
      }),
  },
  {
    name: 'transaction that failed',
    weight: 3,
    run: (desk, id) =>
      begun(desk, id, async (client) => {
        await expectError(client.query(`SELECT oops_${id}`), '42703', `oops_${id}`);
        await expectError(client.query('SELECT 1'), '25P02', 'aborted');
        expectEqual((await client.query('COMMIT')).command, 'ROLLBACK');
      }),
  },
  {
    name: 'transaction that failed, left open',
    weight: 2,
    run: (desk, id) =>
      begun(desk, id, (client) =>
        expectError(client.query(`SELECT oops_${id}`), '42703', `oops_${id}`),
      ),
  },
  {
    name: 'transaction left open',
    weight: 3,
    run: (desk, id) => begun(desk, id),
  },
  {
    name: 'read-only transaction left open',
    weight: 1,
    run: (desk, id) =>
      onCheckout(desk, async (client) => {
        await client.query('BEGIN ISOLATION LEVEL SERIALIZABLE READ ONLY');
        expectRows(await client.query('SELECT $1::int AS id', [id]), [{ id }]);
      }),
  },
  {
    name: 'transaction with a savepoint',
    weight: 2,
    run: (desk, id) =>
      begun(desk, id, async (client) => {
        await client.query('SAVEPOINT here');
        await insert(client, desk.ledger.next());
        await client.query('ROLLBACK TO here');
        await commit(desk, client, [id]);
      }),
  },
  {
    name: 'transaction whose connection is destroyed',
    weight: 1,
    async run({ pool }, id) {
      const client = await pool.connect();
      try {
        await client.query('BEGIN');
        await insert(client, id);
      } finally {
        client.release(true);
      }
    },
  },
  {
    name: 'released with a statement under way',
    weight: 2,
    async run(desk, id) {
      const client = await desk.pool.connect();
      const answer = client.query(INSERT, [id]);
      client.release();
      expectRows(await write(desk, id, answer), [{ id }]);
    },
  },
  {
    name: 'released with a transaction under way',
    weight: 2,
    async run({ pool }, id) {
      const client = await pool.connect();
      const answers = [client.query('BEGIN'), client.query(INSERT, [id])] as const;
      client.release();
      const [, inserted] = await Promise.all(answers);
      expectRows(inserted, [{ id }]);
    },
  },
  {
    name: 'named statement on a checkout',
    weight: 3,
    run: (desk, id) =>
      onCheckout(desk, async (client) => {
        const text = 'SELECT $1::int AS id, 3 AS three';
        const named = () => client.query({ name: 'on_checkout', text, values: [id] });
        expectRows(await named(), [{ id, three: 3 }]);
        expectRows(await named(), [{ id, three: 3 }]);
      }),
  },
];

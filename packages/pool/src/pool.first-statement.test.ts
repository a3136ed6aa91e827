import { expect, test } from 'vitest';
import { useTestPools } from './testing/test-pools.ts';

const pools = useTestPools();

test('the way to the server is measured ahead of the first statement, which does not wait for that', async () => {
  const pool = pools.open({ max: 1 });
  const turns: string[] = [];
  pool.on('connect', (client) => {
    const { connection } = client as unknown as {
      connection: NodeJS.EventEmitter & { query(text: string): void };
    };
    const { query } = connection;
    connection.query = (text) => {
      turns.push(text);
      query.call(connection, text);
    };
    connection.on('readyForQuery', () => turns.push('answered'));
  });
  await pool.query('SELECT 1');
  expect(turns).toEqual(['', 'SELECT 1', 'answered', 'answered']);
  await pool.query('SELECT 2');
  expect(turns.slice(4)).toEqual(['SELECT 2', 'answered']);
});

import { describe, expect, test } from 'vitest';
import type { Pool } from './index.ts';
import { useTestPools } from './testing/test-pools.ts';

const pools = useTestPools();

/** As Kysely goes about its connections, with `onCreateConnection`. */
function preparing(pool: Pool): (text: string) => Promise<unknown[]> {
  const seen = new WeakSet<object>();
  return async (text) => {
    const client = await pool.connect();
    try {
      if (!seen.has(client)) {
        seen.add(client);
        await client.query("SET application_name TO 'prepared'");
      }
      return (await client.query(text)).rows;
    } finally {
      client.release();
    }
  };
}

describe('who prepares each client when it is seen for the first time', () => {
  test.each([true, false])(
    'prepares it anew once its session was discarded (multiplex: %s)',
    async (multiplex) => {
      const pool = pools.open({ max: 1, multiplex });
      const run = preparing(pool);
      for (let i = 0; i < 3; i++) {
        expect(await run('SHOW application_name')).toEqual([{ application_name: 'prepared' }]);
      }
      expect((await pool.query('SHOW application_name')).rows).toEqual([{ application_name: '' }]);
      expect(pool.stats().counts.connects).toBe(1);
    },
  );

  test('a client that was given back, and whose session is new since, runs nothing', async () => {
    const pool = pools.open({ max: 1 });
    const first = await pool.connect();
    await first.query("SET application_name TO 'first'");
    first.release();
    const second = await pool.connect();
    expect(second).not.toBe(first);
    await expect(first.query('SELECT 1')).rejects.toThrow('after it was released');
    expect(() => first.release()).toThrow('already been released');
    expect((await second.query('SELECT 1 AS n')).rows).toEqual([{ n: 1 }]);
    second.release();
  });
});

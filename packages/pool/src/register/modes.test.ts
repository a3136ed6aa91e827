import { describe, expect, test } from 'vitest';
import { OBSERVED, OURS, PGS_OWN, REGISTER, useRegisterApps } from '../testing/register-apps.ts';

const apps = useRegisterApps();

const APP = {
  file: 'app.mjs',
  text: `
    import { createRequire } from 'node:module';
    import pg, { Pool } from 'pg';
    import { prove, settings, tell } from './proof.mjs';
    const required = createRequire(import.meta.url)('pg');
    const pool = new Pool(settings);
    tell({ ...(await prove(pool)), name: Pool.name, same: pg.Pool === Pool && required.Pool === Pool });
    await pool.end();`,
};

describe('LIFEGUARD', () => {
  test.each([
    ['protect', OURS, 'Pool'],
    ['', OURS, 'Pool'],
    ['observe', OBSERVED, 'BoundPool'],
    ['off', PGS_OWN, 'BoundPool'],
    ['0', PGS_OWN, 'BoundPool'],
    ['false', PGS_OWN, 'BoundPool'],
  ])('=%s says what becomes of every pool, and nothing on stderr', async (mode, proof, name) => {
    const { facts, stderr } = await apps.told(APP, { LIFEGUARD: mode });
    expect(facts).toEqual({ ...proof, name, same: true });
    expect(stderr).toBe('');
  });

  test('of an unknown value: the application starts as it is, and one line says why', async () => {
    const { facts, stderr } = await apps.told(APP, { LIFEGUARD: 'protcet' });
    expect(facts).toMatchObject(PGS_OWN);
    expect(stderr).toBe(
      'lifeguard: LIFEGUARD=protcet is not known, so every pool stays as it is: give protect, observe or off\n',
    );
  });
});

describe('options', () => {
  const LIMITS = {
    file: 'limits.mjs',
    text: `
      import pg from 'pg';
      import { tell } from './proof.mjs';
      const { DATABASE_URL: connectionString } = process.env;
      const pools = [new pg.Pool({ connectionString }), new pg.Pool({ connectionString, max: 5 })];
      await Promise.all(pools.map((pool) => pool.query('SELECT 1')));
      tell(pools.map((pool) => [pool.options.max, pool.stats().connections.max]));
      await Promise.all(pools.map((pool) => pool.end()));`,
  };

  test('come from the environment and the URL; the code wins', async () => {
    const parameters = { connection_limit: 3, schema: 'elsewhere' };
    const inUrl = await apps.told(LIMITS, { DATABASE_URL: apps.server.url(parameters) });
    expect(inUrl.facts).toEqual([
      [3, 3],
      [5, 5],
    ]);
    const both = await apps.told(LIMITS, {
      DATABASE_URL: apps.server.url(parameters),
      DB_CONNECTION_LIMIT: '7',
    });
    expect(both.facts).toEqual([
      [7, 7],
      [5, 5],
    ]);
    expect(both.stderr).toBe('');
  });

  test('that make no sense are left out with one line, where pg would not mind', async () => {
    const { facts, stderr } = await apps.told(LIMITS, {
      DATABASE_URL: apps.server.url({ connection_limit: 'many' }),
      DB_POOL_TIMEOUT: 'soon',
    });
    expect(facts).toEqual([
      [10, 10],
      [5, 5],
    ]);
    expect(stderr.trim().split('\n').sort()).toEqual([
      expect.stringMatching(/^lifeguard: DB_POOL_TIMEOUT=soon in the environment .* \(left out\)$/),
      expect.stringMatching(/^lifeguard: connection_limit=many in DATABASE_URL .* \(left out\)$/),
    ]);
  });
});

test('an error that nobody awaits ends an observed program as it ended before', async () => {
  apps.folder.write(
    'unhandled.mjs',
    `import pg from 'pg'; new pg.Pool({ host: '127.0.0.1', port: 1 }).connect();`,
  );
  const ends = [];
  for (const LIFEGUARD of ['off', 'observe']) {
    const { exitCode, stderr } = await apps.folder.run([...REGISTER, 'unhandled.mjs'], {
      LIFEGUARD,
    });
    ends.push({ exitCode, refused: stderr.includes('ECONNREFUSED') });
  }
  expect(ends).toEqual(Array(2).fill({ exitCode: 1, refused: true }));
});

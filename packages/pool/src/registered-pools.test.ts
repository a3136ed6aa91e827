import { describe, expect, test } from 'vitest';
import { type RegisteredPool, registeredPools, registerPool } from './registered-pools.ts';
import type { PoolStats } from './stats/pool-stats.ts';
import { useRegisterApps } from './testing/register-apps.ts';
import { useTestPools } from './testing/test-pools.ts';

const stats = () => ({ pending: 7 }) as PoolStats;

describe('the list of the pools of a process', () => {
  const pools = useTestPools();

  test('has those of this package, until they have ended', async () => {
    const pool = pools.open({ max: 2 });
    const [entry, ...others] = registeredPools();
    expect(others).toEqual([]);
    expect(entry?.mode).toBe('code');
    expect(entry?.pool).toBe(pool);
    await pool.query('SELECT 1');
    expect(entry?.stats()).toMatchObject({ connections: { max: 2 }, counts: { statements: 1 } });
    const ending = pool.end();
    expect(registeredPools()).toEqual([entry]);
    await ending;
    expect(registeredPools()).toEqual([]);
  });

  test('is one for all copies of this package', () => {
    const pool = { ended: false };
    const entry = { mode: 'observe', pool, stats } as unknown as RegisteredPool;
    const list = (globalThis as unknown as Record<symbol, Set<WeakRef<RegisteredPool>>>)[
      Symbol.for('lifeguard.pools')
    ];
    list?.add(new WeakRef(entry));
    const own = { ended: false };
    registerPool('protect', own, stats);
    expect(registeredPools().map(({ mode }) => mode)).toEqual(['observe', 'protect']);
    pool.ended = true;
    own.ended = true;
    expect(registeredPools()).toEqual([]);
  });
});

describe('a pool that a program has lost', () => {
  const apps = useRegisterApps();

  test('leaves the list', async () => {
    const { facts } = await apps.told(
      {
        file: 'lost.mjs',
        args: ['--expose-gc', '--import', '@lifeguard/pool/register'],
        text: `
          import { registeredPools } from '@lifeguard/pool';
          import pg from 'pg';
          import { tell } from './proof.mjs';
          let pool = new pg.Pool({ max: 1 });
          const kept = new pg.Pool({ max: 2 });
          const before = registeredPools().length;
          gc();
          const whileHeld = registeredPools().length + (pool.options.max - 1);
          pool = undefined;
          while (registeredPools().length > 1) {
            await new Promise((resolve) => setImmediate(resolve));
            gc();
          }
          tell([before, whileHeld, registeredPools().map(({ pool }) => pool === kept)]);`,
      },
      { LIFEGUARD: 'observe' },
    );
    expect(facts).toEqual([2, 2, [true]]);
  });
});

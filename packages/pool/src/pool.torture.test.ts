import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { PoolConfig } from './index.ts';
import { LEDGER_TABLE } from './testing/ledger.ts';
import { useTestPools } from './testing/test-pools.ts';
import { findLeftovers } from './testing/torture/aftermath.ts';
import { ALL, COMMON } from './testing/torture/operations/index.ts';
import { torture } from './testing/torture/torture.ts';

/**
 * A failure prints its seed, which makes all callers do the same again. `ONLY` takes the operations
 * whose names it matches, and `POOL=pg` looks how plain pg.Pool does, for comparison.
 */
const {
  LIFEGUARD_TORTURE_SEED: SEED = `${Math.floor(Math.random() * 1e9)}`,
  LIFEGUARD_TORTURE_OPERATIONS: COUNT,
  LIFEGUARD_TORTURE_ONLY: ONLY = '',
  LIFEGUARD_TORTURE_POOL: POOL,
} = process.env;

const CALLERS = 150;
/** Each takes all that is under way on one connection: `multiplexDepth` statements at most. */
const KILLS = 20;
const DEPTH = 100;
/** Machines are slow and busy: by the pool's own bound nobody is to be refused here. */
const WAIT_MILLIS = 30_000;
/** It takes a tenth of that. */
const LIMIT_MILLIS = 120_000;

const SCHEMA = `
  ${LEDGER_TABLE};
  CREATE TABLE uniques (id int PRIMARY KEY);
  CREATE ROLE stranger;
  CREATE FUNCTION refuse(id int) RETURNS void LANGUAGE plpgsql
    AS 'BEGIN RAISE EXCEPTION ''refused %.'', id; END'`;

const pools = useTestPools({ max_connections: 60 });
let admin: pg.Client;

// pg warns of a holder that sends a statement before the last one is answered: here some do.
process.noDeprecation = true;

beforeAll(async () => {
  admin = new pg.Client({ connectionString: pools.server.url() });
  await admin.connect();
  await admin.query(SCHEMA);
});
afterAll(() => admin.end());

const operations = (POOL === 'pg' ? COMMON : ALL).filter(({ name }) => new RegExp(ONLY).test(name));

function kill() {
  return admin.query(`SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
    WHERE application_name = 'torture' ORDER BY random() LIMIT 1`);
}

function open(config: PoolConfig): pg.Pool {
  const settings = {
    application_name: 'torture',
    connectionTimeoutMillis: WAIT_MILLIS,
    ...config,
  };
  if (POOL !== 'pg') return pools.open(settings);
  const pool = new pg.Pool({ connectionString: pools.server.url(), ...settings });
  // Where nobody listens, a killed backend ends the process.
  pool.on('error', () => {});
  pool.on('connect', (client) => client.on('error', () => {}));
  return pool;
}

/** Of a pool that is broken, everything is wrong: the first ones tell enough. */
function digest(lines: readonly string[]): string[] {
  const MOST = 20;
  return lines.length <= MOST ? [...lines] : [...lines.slice(0, MOST), `${lines.length} in all`];
}

test.each([
  { config: { max: 8 }, count: 16_000 },
  { config: { max: 8, multiplex: false }, count: 4_000 },
  { config: { max: 1 }, count: 2_000 },
  { config: { max: 5, maxUses: 20, prepareCacheSize: 1 }, count: 2_000 },
])('$count operations on $config', { timeout: 180_000 }, async ({ config, count }) => {
  const pool = open(config);
  const seed = Number(SEED);
  const { ledger, wrongAnswers, losses } = await torture({
    pool,
    operations,
    seed,
    callers: CALLERS,
    count: Number(COUNT ?? count),
    limitMillis: LIMIT_MILLIS,
    kills: KILLS,
    kill,
  });
  const query = (text: string, values?: unknown[]) => admin.query(text, values);
  const verdict = {
    wrongAnswers: digest(wrongAnswers),
    leftovers: digest(await findLeftovers(pool, query, config.max)),
    wrongWrites: digest(await ledger.violations(query)),
  };
  await pool.end();
  expect(verdict, `LIFEGUARD_TORTURE_SEED=${seed} does it again`).toEqual({
    wrongAnswers: [],
    leftovers: [],
    wrongWrites: [],
  });
  expect(losses).toBeLessThanOrEqual(KILLS * DEPTH);
});

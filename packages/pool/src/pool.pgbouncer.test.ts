import { PGBOUNCER_LIMIT_MILLIS, type PgBouncer, startPgBouncer } from '@lifeguard/testkit';
import pg from 'pg';
import Cursor from 'pg-cursor';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Pool, PoolConfig } from './index.ts';
import { useTestPools } from './testing/test-pools.ts';

/** Fewer server connections than the pools have: each statement may meet another session. */
const SERVERS = 2;
const pools = useTestPools();
const bouncers: PgBouncer[] = [];
/** One that keeps prepared statements, where this PgBouncer can, and one that does not. */
let keeping: PgBouncer;
let forgetting: PgBouncer;

async function start(
  settings: Record<string, string | number> = {},
  keepsPrepared = true,
): Promise<PgBouncer> {
  const bouncer = await startPgBouncer({
    target: pools.server,
    keepsPrepared,
    settings: { default_pool_size: SERVERS, ...settings },
  });
  bouncers.push(bouncer);
  return bouncer;
}

beforeAll(async () => {
  [keeping, forgetting] = await Promise.all([start(), start({}, false)]);
  await pools.admin('CREATE TABLE counters (id int PRIMARY KEY, n int)');
  await pools.admin('INSERT INTO counters VALUES (1, 0)');
}, PGBOUNCER_LIMIT_MILLIS);
beforeEach(() => {
  vi.spyOn(process, 'emitWarning').mockImplementation(() => {});
});
afterEach(() => {
  vi.restoreAllMocks();
});
afterAll(async () => {
  for (const bouncer of bouncers) await bouncer.stop();
});

function open(bouncer: PgBouncer, config: PoolConfig = {}): Pool {
  return pools.open({ connectionString: bouncer.url(pools.server.url()), max: 4, ...config });
}

/** Runs the texts again and again, each with its own values; the answers that were not its own, and errors. */
async function wrongAnswers(pool: Pool, texts: readonly string[], rounds: number) {
  const wrong: unknown[] = [];
  for (let round = 0; round < rounds; round++) {
    await Promise.all(
      texts.flatMap((text) =>
        [1, 2, 3].map(async (n) => {
          const answer = await pool.query(`SELECT '${text}' AS text, $1::int AS n`, [n]).then(
            ({ rows }) => rows[0],
            (error) => error,
          );
          if (answer.text !== text || answer.n !== n) wrong.push(answer);
        }),
      ),
    );
  }
  return wrong;
}

const textsOf = (name: string, count = 4) =>
  Array.from({ length: count }, (_, i) => `${name} ${i}`);

describe.each([true, false])('in transaction mode, multiplex %s', (multiplex) => {
  test.each([
    ['keeps prepared statements', () => keeping],
    ['keeps none', () => forgetting],
  ])('two pools behind one that %s: each answer is its own', async (_, bouncer) => {
    const [one, two] = [open(bouncer(), { multiplex }), open(bouncer(), { multiplex })];
    const wrong = await Promise.all([
      wrongAnswers(one, textsOf('one'), 20),
      wrongAnswers(two, textsOf('two'), 20),
    ]);
    expect(wrong).toEqual([[], []]);
    expect(one.stats().counts.connects).toBeLessThanOrEqual(4);
  });

  test('transactions of many callers, the next one begun behind a COMMIT', async () => {
    const pool = open(keeping, { multiplex });
    const add = async () => {
      const client = await pool.connect();
      try {
        await client.query('BEGIN');
        const { rows } = await client.query('SELECT n FROM counters WHERE id = $1 FOR UPDATE', [1]);
        await client.query('UPDATE counters SET n = $2 WHERE id = $1', [1, rows[0].n + 1]);
        await client.query('COMMIT');
      } finally {
        client.release();
      }
    };
    const [before] = (await pools.admin('SELECT n FROM counters')).rows;
    await Promise.all(Array.from({ length: 40 }, add));
    const [after] = (await pools.admin('SELECT n FROM counters')).rows;
    expect(after.n - before.n).toBe(40);
  });

  test('errors of every phase, and their neighbours', async () => {
    const pool = open(keeping, { multiplex });
    for (let i = 0; i < 5; i++) await pool.query('SELECT 1 / $1::int AS n', [1]);
    const answers = await Promise.allSettled([
      pool.query('SELEC 1'),
      pool.query('SELECT $1::int', ['x']),
      pool.query('SELECT 1 / $1::int AS n', [0]),
      pool.query('INSERT INTO counters VALUES (1, 0)'),
      pool.query('SELECT 1 / $1::int AS n', [1]),
    ]);
    expect(
      answers.map((one) => (one.status === 'fulfilled' ? one.value.rows[0].n : one.reason.code)),
    ).toEqual(['42601', '22P02', '22012', '23505', 1]);
  });

  test('a cursor in a transaction, and a statement that is cancelled', async () => {
    const pool = open(keeping, { multiplex });
    const client = await pool.connect();
    await client.query('BEGIN');
    const cursor = client.query(new Cursor('SELECT generate_series(1, 250) AS n'));
    let read = 0;
    for (let rows = await cursor.read(100); rows.length > 0; rows = await cursor.read(100)) {
      read += rows.length;
    }
    await cursor.close();
    await client.query('COMMIT');
    client.release();
    expect(read).toBe(250);

    const controller = new AbortController();
    const text = `SELECT pg_sleep(60), 'multiplex ${multiplex}'`;
    const isRunning = async () =>
      (
        await pools.admin("SELECT FROM pg_stat_activity WHERE query = $1 AND state = 'active'", [
          text,
        ])
      ).rowCount === 1;
    const asleep = pool.query({ text, signal: controller.signal });
    const refused = expect(asleep).rejects.toThrow(/aborted/);
    await expect.poll(isRunning).toBe(true);
    controller.abort();
    await refused;
    await expect.poll(isRunning).toBe(false);
    expect((await pool.query('SELECT 1 AS n')).rows).toEqual([{ n: 1 }]);
  });
});

describe('prepared statements', () => {
  test('one that keeps none: nobody is refused, and the pool gives up preparing', async () => {
    const pool = open(forgetting);
    expect(await wrongAnswers(pool, textsOf('learns', 8), 30)).toEqual([]);
    expect(pool.stats().errors).toEqual({});
    expect(process.emitWarning).toHaveBeenCalledTimes(1);
    expect(process.emitWarning).toHaveBeenCalledWith(
      expect.stringMatching(/prepares no more statements.*pgbouncer=true/),
      expect.objectContaining({ code: 'LIFEGUARD_POOLER' }),
    );
  });

  test('one that keeps them: nothing is given up, more texts than the pool keeps', async () => {
    const pool = open(keeping, { prepareCacheSize: 5 });
    expect(await wrongAnswers(pool, textsOf('kept', 12), 15)).toEqual([]);
    expect(pool.stats().errors).toEqual({});
    if (keeping.keepsPrepared) expect(process.emitWarning).not.toHaveBeenCalled();
  });

  test.each(['DISCARD ALL', 'DEALLOCATE ALL'])('a holder’s %s', async (command) => {
    const pool = open(keeping, { max: 1, pooler: 'pgbouncer', prepare: true });
    expect(await wrongAnswers(pool, textsOf('before'), 5)).toEqual([]);
    const client = await pool.connect();
    await client.query(command);
    client.release();
    expect(await wrongAnswers(pool, textsOf('before'), 5)).toEqual([]);
    expect(pool.stats().counts.connects).toBe(1);
  });
});

describe('the pooler’s other clients have their turn', () => {
  /** Ends when another client was answered so often; gives up after so many of the pool's own. */
  const [TURNS, MOST] = [5, 1_000];

  test.each([
    ['statements', (pool: Pool) => pool.query('SELECT pg_sleep(0.002)')],
    [
      'transactions',
      async (pool: Pool) => {
        const client = await pool.connect();
        await client.query('BEGIN');
        await client.query('SELECT pg_sleep(0.002)');
        await client.query('COMMIT');
        client.release();
      },
    ],
  ])('beside a flood of %s', async (_, work) => {
    const bouncer = await start({ default_pool_size: 1 });
    const pool = open(bouncer, { max: 3 });
    const other = new pg.Client({ connectionString: bouncer.url(pools.server.url()) });
    await other.connect();
    let [turns, own] = [0, 0];
    const goesOn = () => turns < TURNS && own < MOST;
    const flood = Array.from({ length: 100 }, async () => {
      for (; goesOn(); own++) await work(pool);
    });
    await expect.poll(() => own, { timeout: 10_000 }).toBeGreaterThan(50);
    while (goesOn()) {
      await other.query('SELECT 1');
      turns++;
    }
    await Promise.all(flood);
    await other.end();
    expect({ turns, own }).toEqual({ turns: TURNS, own: expect.any(Number) });
    expect(own).toBeLessThan(MOST);
  });
});

test.each([true, false])(
  'in session mode, more connections than it has: those with a session serve all (multiplex %s)',
  async (multiplex) => {
    const bouncer = await start({ pool_mode: 'session' });
    const pool = open(bouncer, { max: 6, multiplex });
    for (let round = 0; round < 3; round++) {
      const answers = await Promise.all(
        Array.from({ length: 50 }, (_, n) => pool.query('SELECT $1::int AS n', [n])),
      );
      expect(answers.map(({ rows }) => rows[0].n)).toEqual(Array.from({ length: 50 }, (_, n) => n));
    }
    const clients = await Promise.all([pool.connect(), pool.connect()]);
    for (const client of clients) client.release();
  },
);

describe('when no server connection is to be had', () => {
  test('in time: whoever waited is told, and that it was not sent', async () => {
    const bouncer = await start({ default_pool_size: 1, query_wait_timeout: 1 });
    const pool = open(bouncer, { max: 1 });
    // A connection comes into service once a session has answered on it.
    await pool.query('SELECT 1');
    const holder = new pg.Client({ connectionString: bouncer.url(pools.server.url()) });
    await holder.connect();
    await holder.query('BEGIN');
    const answers = await Promise.allSettled(
      Array.from({ length: 12 }, () => pool.query('SELECT 1')),
    );
    const reasons = answers.map((answer) => answer.status === 'rejected' && answer.reason);
    // Those that still waited in the pool, on a slow machine, were refused by it.
    expect(reasons.map(({ outcome }) => outcome)).toEqual(answers.map(() => 'not-sent'));
    expect(reasons.map(({ message }) => message)).toContain('query_wait_timeout');
    await holder.query('COMMIT');
    await holder.end();
    expect((await pool.query('SELECT 1 AS n')).rows).toEqual([{ n: 1 }]);
  });

  test('at all, for the server is down; and it is back as soon as the server is', async () => {
    const bouncer = await start({ query_wait_timeout: 1, server_login_retry: 1 });
    const pool = open(bouncer);
    await pool.query('SELECT 1');
    await pools.server.halt();
    try {
      await expect
        .poll(() => pool.query('SELECT 1').catch(({ message, outcome }) => ({ message, outcome })))
        .toEqual({
          message: expect.stringMatching(/^server login has been failing|^query_wait_timeout/),
          outcome: 'not-sent',
        });
    } finally {
      await pools.server.resume();
    }
    await expect
      .poll(
        () =>
          pool.query('SELECT 1 AS n').then(
            ({ rows }) => rows,
            () => [],
          ),
        { timeout: 10_000 },
      )
      .toEqual([{ n: 1 }]);
  });
});

describe('its administrator', () => {
  const ask = (pool: Pool, count = 20) =>
    Promise.allSettled(Array.from({ length: count }, () => pool.query('SELECT 1 AS n')));
  const failures = (answers: PromiseSettledResult<unknown>[]) =>
    answers.filter(({ status }) => status === 'rejected');

  test('PAUSE and RESUME: nobody notices but by waiting; RECONNECT', async () => {
    const bouncer = await start({ server_login_retry: 1 });
    const pool = open(bouncer);
    await ask(pool);
    await bouncer.show('PAUSE');
    const waiting = ask(pool);
    await expect
      .poll(async () =>
        (await bouncer.show('SHOW POOLS')).some(({ cl_waiting }) => Number(cl_waiting) > 0),
      )
      .toBe(true);
    await bouncer.show('RESUME');
    expect(failures(await waiting)).toEqual([]);
    await bouncer.show('RECONNECT');
    // Where it strikes a login, PgBouncer refuses for a moment: “connect string changed”.
    await expect.poll(async () => failures(await ask(pool)), { timeout: 20_000 }).toEqual([]);
  });

  test('KILL: what was under way fails, what comes after RESUME works', async () => {
    const bouncer = await start({ server_login_retry: 1 });
    const pool = open(bouncer);
    await ask(pool);
    const database = new URL(pools.server.url()).pathname.slice(1);
    await bouncer.show(`KILL ${database}`);
    await bouncer.show(`RESUME ${database}`);
    await expect.poll(async () => failures(await ask(pool)), { timeout: 20_000 }).toEqual([]);
    expect(pool.totalCount).toBeGreaterThan(0);
  });

  test('max_client_conn reached: the connections that the pool has serve all', async () => {
    const bouncer = await start({ max_client_conn: 3 });
    const pool = open(bouncer, { max: 10 });
    for (let round = 0; round < 3; round++) expect(failures(await ask(pool, 60))).toEqual([]);
    expect(pool.totalCount).toBeLessThanOrEqual(3);
  });
});

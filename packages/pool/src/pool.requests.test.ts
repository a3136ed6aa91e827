import { once } from 'node:events';
import { describe, expect, test } from 'vitest';
import { withOwner, withPriority } from './index.ts';
import { useTestPools, warmUp, watch } from './testing/test-pools.ts';

const pools = useTestPools();

async function isRunning(text: string): Promise<boolean> {
  const { rows } = await pools.admin(
    "SELECT 1 FROM pg_stat_activity WHERE state = 'active' AND query = $1 AND pid <> pg_backend_pid()",
    [text],
  );
  return rows.length > 0;
}

const RUNNING = "SELECT state FROM pg_stat_activity WHERE pid = $1 AND wait_event = 'PgSleep'";

describe('a signal', () => {
  test('ends the wait of a statement and of a checkout, and they leave the queue', async () => {
    const pool = pools.open({ max: 1 });
    const client = await pool.connect();
    const abort = new AbortController();
    const { signal } = abort;
    const waits = [
      pool.query({ text: 'SELECT 1', signal }),
      pool.query({ text: 'SET a.b = 1', signal }),
      pool.connect({ signal }),
    ].map((wait) => wait.catch((e) => e));
    expect(pool.waitingCount).toBe(3);
    abort.abort();
    expect(pool.waitingCount).toBe(0);
    for (const error of await Promise.all(waits)) expect(error).toBe(signal.reason);
    client.release();
  });

  test('cancels a statement that is under way', async () => {
    const pool = pools.open({ max: 1 });
    const abort = new AbortController();
    const text = 'SELECT pg_sleep(31)';
    const answer = pool.query({ text, signal: abort.signal }).catch((e) => e);
    await expect.poll(() => isRunning(text)).toBe(true);
    abort.abort(new Error('not wanted any more'));
    expect((await answer).message).toBe('not wanted any more');
    await expect.poll(() => isRunning(text)).toBe(false);
    expect((await pool.query('SELECT 1 AS n')).rows).toEqual([{ n: 1 }]);
  });

  test('that has fired before, and one that fires after the answer', async () => {
    const pool = pools.open({ max: 1 });
    const fired = AbortSignal.abort();
    await expect(pool.query({ text: 'SELECT 1', signal: fired })).rejects.toBe(fired.reason);
    await expect(pool.connect({ signal: fired })).rejects.toBe(fired.reason);
    const abort = new AbortController();
    const answer = await pool.query({ text: 'SELECT 2 AS n', signal: abort.signal });
    const client = await pool.connect({ signal: abort.signal });
    abort.abort();
    expect(answer.rows).toEqual([{ n: 2 }]);
    expect((await client.query('SELECT 3 AS n')).rows).toEqual([{ n: 3 }]);
    client.release();
  });

  test.each([
    'DO $$ BEGIN PERFORM pg_sleep(60); END $$',
    'SELECT pg_sleep(60), pg_backend_pid()',
    'SELECT 1; SELECT pg_sleep(60)',
  ])('ends what has a connection to itself, and the connection goes on: %s', async (text) => {
    const pool = pools.open({ max: 1 });
    const { pid } = (await pool.query('SELECT pg_backend_pid() AS pid')).rows[0];
    const abort = new AbortController();
    const answer = pool.query({ text, signal: abort.signal }).catch((error) => error);
    await expect
      .poll(async () => (await pools.admin(RUNNING, [pid])).rows, { timeout: 5_000 })
      .toEqual([{ state: 'active' }]);
    abort.abort();
    expect(await answer).toBe(abort.signal.reason);
    expect((await pool.query('SELECT pg_backend_pid() AS pid')).rows).toEqual([{ pid }]);
  });

  test('that fires just when the connection is there sends nothing', async () => {
    const pool = pools.open({ max: 1 });
    const abort = new AbortController();
    pool.once('acquire', () => abort.abort());
    const text = 'DO $$ BEGIN PERFORM pg_sleep(60); END $$';
    const error = await pool.query({ text, signal: abort.signal }).catch((e) => e);
    expect(error).toBe(abort.signal.reason);
    expect(pool.idleCount).toBe(1);
  });

  test('goes with every form of a call, and an option that is undefined is none', async () => {
    const pool = pools.open({
      max: 1,
      multiplex: undefined,
      maxWaiting: undefined,
      pooler: undefined,
    });
    const { signal } = new AbortController();
    const array = { text: 'SELECT $1::int AS n', rowMode: 'array', signal } as const;
    const { rows } = await pool.query<[number]>(array, [1]);
    expect(rows[0]?.[0]).toBe(1);
    const named = await pool.query<{ n: number }>({ text: 'SELECT $1::int AS n', signal }, [2]);
    expect(named.rows[0]?.n).toBe(2);
    await new Promise<void>((resolve) => {
      pool.connect({ signal }, (_error, _client, release) => resolve(release()));
    });
    expect(pool.idleCount).toBe(1);
  });

  test('that is none is refused with a clear error', async () => {
    const pool = pools.open({ max: 1 });
    const config = { text: 'SELECT 1', signal: 'now' as unknown as AbortSignal };
    await expect(pool.query(config)).rejects.toThrow('signal must be an AbortSignal');
    const urgent = { text: 'SELECT 1', priority: 'urgent' as 'background' };
    await expect(pool.query(urgent)).rejects.toThrow("'interactive' or 'background', not urgent");
    // A callback is told as well.
    const told = await new Promise<Error>((resolve) => {
      pool.query(config as unknown as string, (error: Error) => resolve(error));
    });
    expect(told.message).toBe('signal must be an AbortSignal');
  });

  test('of a whole request does for many statements, and Node sees no leak of listeners', async () => {
    const pool = pools.open({ max: 2 });
    const warnings: string[] = [];
    const note = ({ name }: Error) => void warnings.push(name);
    process.on('warning', note);
    const { signal } = new AbortController();
    const texts = Array.from({ length: 30 }, (_, n) => (n % 2 ? 'SELECT 1' : 'SET a.b = 1'));
    await Promise.all(texts.map((text) => pool.query({ text, signal })));
    expect(warnings).toEqual([]);
    process.off('warning', note);
  });
});

describe('priority', () => {
  test('background requests let interactive ones pass, by call or by context', async () => {
    const pool = pools.open({ max: 1 });
    const client = await pool.connect();
    const order: string[] = [];
    const ask = (name: string, priority?: 'background') =>
      pool.connect({ priority }).then((lent) => {
        order.push(name);
        lent.release();
      });
    const all = [
      ask('by call', 'background'),
      withPriority('background', () => ask('by context')),
      ask('first'),
      ask('second'),
    ];
    client.release();
    await Promise.all(all);
    expect(order).toEqual(['first', 'second', 'by call', 'by context']);
  });
});

describe('await using', () => {
  test('gives a client back once, and ends a pool', async () => {
    const pool = pools.open({ max: 1 });
    {
      await using client = await pool.connect();
      await client.query('SELECT 1');
    }
    expect(pool.idleCount).toBe(1);
    {
      await using early = await pool.connect();
      early.release();
      const other = watch(pool.connect());
      const next = await other.promise;
      // Whose scope ends has no right to what is somebody else's by now.
      next.release();
    }
    await pool[Symbol.asyncDispose]();
    expect(pool.ended).toBe(true);
  });
});

describe('prewarm', () => {
  test('opens connections before anybody needs them, at most max', async () => {
    const pool = pools.open({ max: 3 });
    await pool.prewarm(2);
    expect(pool.idleCount).toBe(2);
    await pool.prewarm(10);
    expect(pool.totalCount).toBe(3);
    await pools.open({ max: 3, min: 2 }).prewarm();
  });

  test('tells why it can’t', async () => {
    const pool = pools.open({ connectionString: 'postgresql://127.0.0.1:1/x' });
    await expect(pool.prewarm()).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    await expect(pool.prewarm(0)).rejects.toThrow('not 0');
  });
});

describe('reset', () => {
  const pid = 'SELECT pg_backend_pid() AS pid';

  test('replaces every connection and fails nobody', async () => {
    const pool = pools.open({ max: 3 });
    await pool.prewarm(3);
    await warmUp(pool, 'SELECT $1::int AS n', [0]);
    const holder = await pool.connect();
    const before = (await holder.query(pid)).rows[0].pid;
    const reset = once(pool, 'reset');
    const under = Array.from({ length: 20 }, (_, n) => pool.query('SELECT $1::int AS n', [n]));
    pool.reset();
    expect(await reset).toEqual(['requested']);
    const answers = await Promise.all(under);
    expect(answers.map(({ rows }) => rows[0].n)).toEqual(answers.map((_, n) => n));
    expect((await holder.query(pid)).rows[0].pid).toBe(before);
    holder.release();
    await expect.poll(() => pool.totalCount).toBe(0);
    expect((await pool.query(pid)).rows[0].pid).not.toBe(before);
  });

  test('comes by itself when many are lost at once', async () => {
    const pool = pools.open({ max: 6 });
    await pool.prewarm(6);
    const reasons: unknown[] = [];
    pool.on('reset', (reason) => reasons.push(reason));
    await pools.admin(`SELECT pg_terminate_backend(pid) FROM (SELECT pid FROM pg_stat_activity
      WHERE backend_type = 'client backend' AND pid <> pg_backend_pid() ORDER BY pid LIMIT 4) AS lost`);
    await expect.poll(() => pool.totalCount).toBe(0);
    expect(reasons).toEqual(['losses']);
    expect((await pool.query('SELECT 1 AS n')).rows).toEqual([{ n: 1 }]);
  });
});

describe('leaks', () => {
  test('are told with the stack that took the connection, and again when they end', async () => {
    const pool = pools.open({ max: 1, leakThresholdMillis: 30 });
    const told = once(pool, 'leak');
    const client = await pool.connect();
    const [leak] = await told;
    expect(leak).toMatchObject({ owner: 'an unnamed checkout', reclaimed: false });
    expect(leak.stack).toContain('pool.requests.test.ts');
    expect(leak.site).toContain('pool.requests.test.ts');
    const ended = once(pool, 'leakEnded');
    client.release();
    expect((await ended)[0].heldMillis).toBeGreaterThanOrEqual(leak.heldMillis);
    expect(pool.stats().counts.leaks).toBe(1);
  });

  test.each(['', 'SELECT pg_sleep(30)'])(
    'are taken back on request, with %j under way',
    async (text) => {
      const pool = pools.open({ max: 1, leakThresholdMillis: 30, reclaimLeaks: true });
      const told = once(pool, 'leak');
      const ended = once(pool, 'leakEnded');
      const client = await pool.connect();
      await client.query('BEGIN');
      await client.query('CREATE TABLE IF NOT EXISTS never (n int)');
      const running = text ? client.query(text).catch((e) => e) : undefined;
      expect((await told)[0].reclaimed).toBe(true);
      expect((await pool.query("SELECT to_regclass('never') AS t")).rows).toEqual([{ t: null }]);
      if (running) expect(await running).toBeInstanceOf(Error);
      expect((await ended)[0].reclaimed).toBe(true);
      await expect(client.query('SELECT 1')).rejects.toThrow(/released|closed|connection/i);
      client.release();
      expect(() => client.release()).not.toThrow();
      expect((await pool.query('SELECT 1 AS n')).rows).toEqual([{ n: 1 }]);
    },
  );

  test('a holder that is named can be relieved, and harms nobody who comes after', async () => {
    const pool = pools.open({ max: 1 });
    const leaked = await withOwner('forgetful', () => pool.connect());
    await leaked.query('BEGIN');
    await leaked.query('CREATE TABLE unfinished (n int)');
    const next = pool.connect();
    const [holder] = pool.stats().holders;
    expect(holder).toMatchObject({ owner: 'forgetful' });
    const id = holder?.id as number;
    expect(pool.reclaim(id)).toBe(true);
    expect(pool.reclaim(id)).toBe(false);
    const client = await next;
    expect(pool.stats().holders).toMatchObject([{ id: id + 1 }]);
    // Whoever lost it does not know.
    await expect(leaked.query('SELECT 1')).rejects.toThrow();
    leaked.release();
    expect(pool.stats().connections.checkedOut).toBe(1);
    const { rows } = await client.query("SELECT to_regclass('unfinished') AS t");
    expect(rows).toEqual([{ t: null }]);
    client.release();
  });

  test('a transaction left open is told with its owner', async () => {
    const pool = pools.open({ max: 1 });
    const told = once(pool, 'abandoned');
    const client = await pool.connect();
    await client.query('BEGIN');
    await client.query('SELECT 1');
    client.release();
    expect((await told)[0]).toMatchObject({ owner: 'an unnamed checkout', inTransaction: true });
  });
});

test('stats() tells who waits', async () => {
  const pool = pools.open({ max: 1 });
  const holder = await pool.connect();
  const waiting = withOwner('the report', () => pool.connect());
  expect(pool.stats().waiting).toMatchObject([{ owner: 'the report', callers: 1 }]);
  holder.release();
  (await waiting).release();
  expect(pool.stats().waiting).toEqual([]);
});

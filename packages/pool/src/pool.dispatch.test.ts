import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, test } from 'vitest';
import { observeHttpRequests, PoolOverloadedError, PoolTimeoutError, withOwner } from './index.ts';
import { useTestPools, warmUp, watch } from './testing/test-pools.ts';

const pools = useTestPools();

/** Statements under way whose text holds these words, as the server sees them. */
async function running(words: string): Promise<number> {
  const text = `SELECT count(*)::int AS n FROM pg_stat_activity
    WHERE state = 'active' AND query LIKE '%' || $1 || '%' AND pid <> pg_backend_pid()`;
  return (await pools.admin(text, [words])).rows[0].n;
}

describe('order of service', () => {
  test('first come, first served; whoever comes later waits behind', async () => {
    const pool = pools.open({ max: 1 });
    const holder = await pool.connect();
    const order: string[] = [];
    const borrow = async (name: string) => {
      const client = await pool.connect();
      order.push(name);
      await client.query('SELECT 1');
      client.release(name === 'w1');
    };
    const waiting = ['w1', 'w2', 'w3'].map(borrow);
    holder.release(true);
    waiting.push(borrow('new'));
    await Promise.all(waiting);
    expect(order).toEqual(['w1', 'w2', 'w3', 'new']);
  });

  test('a waiter takes the first connection that is free, not the one it asked for', async () => {
    // Logins beyond the first hang in their own preparation until they are let go.
    let logins = 0;
    let letGo = () => {};
    const held = new Promise<void>((resolve) => {
      letGo = resolve;
    });
    const pool = pools.open({ max: 2, onConnect: () => (++logins > 1 ? held : undefined) });
    const first = await pool.connect();
    const second = pool.connect();
    await expect.poll(() => logins).toBe(2);
    first.release();
    (await second).release();
    letGo();
    expect(pool.stats().connections.total).toBe(2);
  });

  test('a waiting request costs one connect at a time, not one each', async () => {
    const pool = pools.open({ max: 10 });
    const answers = Array.from({ length: 40 }, () => pool.query('SELECT 1'));
    expect(pool.totalCount).toBe(1);
    await Promise.all(answers);
    expect(pool.stats().counts.connects).toBeLessThanOrEqual(10);
  });

  test('a value that cannot be sent does not leave those behind it waiting', async () => {
    const pool = pools.open({ max: 1 });
    const holder = await pool.connect();
    const circular: Record<string, unknown> = {};
    circular.self = circular;
    const bad = pool.query('SELECT $1::json', [circular]).catch((error) => error);
    const next = pool.connect();
    holder.release();
    (await next).release();
    expect(await bad).toBeInstanceOf(TypeError);
  });
});

describe('slow beside fast', () => {
  const FAST = 'SELECT $1::int AS fast';

  test('sleepers on all other connections do not delay a fast statement', async () => {
    const pool = pools.open({ max: 3 });
    await warmUp(pool, FAST, [0]);
    const sleepers = Array.from({ length: 10 }, (_, i) =>
      watch(pool.query(`SELECT pg_sleep(0.3) AS sleeper_${i}`)),
    );
    await expect.poll(() => running('sleeper_')).toBeGreaterThanOrEqual(1);
    for (let n = 0; n < 5; n++) {
      expect((await pool.query(FAST, [n])).rows).toEqual([{ fast: n }]);
    }
    expect(sleepers.filter(({ done }) => !done).length).toBeGreaterThan(0);
    await Promise.all(sleepers.map(({ promise }) => promise));
  });

  test('known to be long, they leave one connection to the others', async () => {
    const pool = pools.open({ max: 3 });
    const slow = 'SELECT pg_sleep(0.15) AS known_sleeper';
    await pool.query(slow);
    await warmUp(pool, FAST, [0]);
    const sleepers = Array.from({ length: 6 }, () => watch(pool.query(slow)));
    await expect.poll(() => running('known_sleeper')).toBe(2);
    const fast = await pool.query(FAST, [1]);
    expect(fast.rows).toEqual([{ fast: 1 }]);
    const unknown = await pool.query('SELECT 1 AS never_seen_before');
    expect(unknown.rows).toEqual([{ never_seen_before: 1 }]);
    expect(sleepers.some(({ done }) => !done)).toBe(true);
    await Promise.all(sleepers.map(({ promise }) => promise));
    expect(await running('known_sleeper')).toBe(0);
  });

  test('long transactions leave the reserve; what is not known yet gets in as well', async () => {
    const pool = pools.open({ max: 3 });
    const holders = [await pool.connect(), await pool.connect()];
    for (const holder of holders) await holder.query('BEGIN');
    const third = watch(pool.connect());
    expect((await pool.query('SELECT 1 AS n')).rows).toEqual([{ n: 1 }]);
    expect((await pool.query('SELECT 1 AS n')).rows).toEqual([{ n: 1 }]);
    expect(third.done).toBe(false);
    for (const holder of holders) holder.release();
    (await third.promise).release();
  });

  test('writes that wait for a locked row hold up no read, and leave the reserve', async () => {
    const pool = pools.open({ max: 3 });
    await pools.admin(
      'CREATE TABLE stock (id int PRIMARY KEY, n int); INSERT INTO stock VALUES (1, 9)',
    );
    const update = 'UPDATE stock SET n = n - 1 WHERE id = $1';
    const read = 'SELECT n FROM stock WHERE id = $1';
    await warmUp(pool, update, [1]);
    await warmUp(pool, read, [1]);
    const [{ n }] = (await pool.query(read, [1])).rows;
    const holder = await pool.connect();
    await holder.query('BEGIN');
    await holder.query('SELECT FROM stock WHERE id = 1 FOR UPDATE');
    // In one turn, so that the reads would stand behind the writes if they could.
    const writes = [1, 2, 3].map(() => watch(pool.query(update, [1])));
    const reads = [1, 2, 3, 4].map(() => pool.query(read, [1]));
    for (const { rows } of await Promise.all(reads)) expect(rows).toEqual([{ n }]);
    expect(writes.map(({ done }) => done)).toEqual([false, false, false]);
    await holder.query('COMMIT');
    holder.release();
    await Promise.all(writes.map(({ promise }) => promise));
    expect((await pool.query(read, [1])).rows).toEqual([{ n: n - 3 }]);
  });

  test('reserveShared: false gives all away', async () => {
    const pool = pools.open({ max: 3, reserveShared: false });
    const holders = await Promise.all([pool.connect(), pool.connect(), pool.connect()]);
    expect(pool.stats().connections.checkedOut).toBe(3);
    for (const holder of holders) holder.release();
  });

  test.each([1, 3])(
    'a steady stream of short statements on %d does not starve a checkout',
    async (max) => {
      const pool = pools.open({ max });
      await warmUp(pool, FAST, [0]);
      let stop = false;
      const stream = Array.from({ length: 30 }, async () => {
        while (!stop) await pool.query(FAST, [1]);
      });
      for (let i = 0; i < 5; i++) {
        const client = await pool.connect();
        await client.query('SELECT 1');
        client.release();
      }
      const answered = pool.stats().counts.statements;
      await expect.poll(() => pool.stats().counts.statements).toBeGreaterThan(answered);
      stop = true;
      await Promise.all(stream);
    },
  );

  test.each([1, 2])(
    'a steady stream of checkouts on %d does not starve short statements',
    async (max) => {
      const pool = pools.open({ max });
      await warmUp(pool, FAST, [0]);
      let stop = false;
      const stream = Array.from({ length: 10 }, async () => {
        while (!stop) {
          const client = await pool.connect();
          await client.query('SELECT 1');
          client.release();
        }
      });
      for (let n = 0; n < 20; n++)
        expect((await pool.query(FAST, [n])).rows).toEqual([{ fast: n }]);
      stop = true;
      await Promise.all(stream);
    },
  );
});

describe('a bounded wait', () => {
  test('ends with an error that names who holds the pool, and is certain not to have run', async () => {
    const pool = pools.open({ max: 1, connectionTimeoutMillis: 60 });
    const told: unknown[] = [];
    pool.on('timeout', (error) => told.push(error));
    const holder = await withOwner('Order.pay', () => pool.connect());
    await holder.query('BEGIN');
    const errors = await Promise.all([
      pool.query('SELECT 1').catch((error) => error),
      pool.connect().catch((error) => error),
      pool.query('SET a.b = 1').catch((error) => error),
      new Promise((done) => pool.connect((error) => done(error))),
    ]);
    for (const error of errors) {
      expect(error).toBeInstanceOf(PoolTimeoutError);
      expect(error).toMatchObject({
        name: 'PoolTimeoutError',
        code: 'LIFEGUARD_POOL_TIMEOUT',
        outcome: 'not-sent',
      });
      expect(error.message).toMatch(
        /^timeout exceeded when trying to connect: waited \d+ ms while 1 of 1/,
      );
      expect(error.message).toContain('Longest holders: Order.pay for');
      expect(error.stats.holders).toMatchObject([{ owner: 'Order.pay', inTransaction: true }]);
      expect(Object.keys(error)).not.toContain('stats');
    }
    expect(told).toEqual(errors);
    expect(pool.waitingCount).toBe(0);
    expect(pool.stats().counts.timeouts).toBe(4);
    holder.release();
    expect((await pool.query('SELECT 1 AS n')).rows).toEqual([{ n: 1 }]);
  });

  test('0 waits without a limit', async () => {
    const pool = pools.open({ max: 1, connectionTimeoutMillis: 0 });
    const holder = await pool.connect();
    const waiting = watch(pool.query('SELECT 1 AS n'));
    await holder.query('SELECT pg_sleep(0.15)');
    expect(waiting.done).toBe(false);
    holder.release();
    expect((await waiting.promise).rows).toEqual([{ n: 1 }]);
  });

  test('beyond maxWaiting the next one is refused at once', async () => {
    const pool = pools.open({ max: 1, maxWaiting: 2 });
    const holder = await pool.connect();
    const waiting = [pool.connect(), pool.connect()];
    const refused = await pool.connect().catch((error) => error);
    expect(refused).toBeInstanceOf(PoolOverloadedError);
    expect(refused).toMatchObject({ outcome: 'not-sent', stats: { pending: 2 } });
    expect(pool.stats().counts.shed).toBe(1);
    holder.release();
    for (const client of waiting) (await client).release();
  });

  test('twenty thousand that wait in vain are all told', async () => {
    const pool = pools.open({ max: 1, connectionTimeoutMillis: 100 });
    const holder = await pool.connect();
    const waiting = Array.from({ length: 20_000 }, () => pool.connect());
    expect(pool.waitingCount).toBe(20_000);
    const settled = await Promise.allSettled(waiting);
    expect(settled.every(({ status }) => status === 'rejected')).toBe(true);
    expect(pool.waitingCount).toBe(0);
    holder.release();
  });
});

describe('within a request', () => {
  test('a fan-out is noticed, once for each request', async () => {
    const pool = pools.open({ max: 1, connectionTimeoutMillis: 60 });
    const stopObserving = observeHttpRequests();
    const text = 'SELECT $1::int AS category';
    const page = createServer(async (_, response) => {
      const categories = [1, 2, 3, 4, 5, 6, 7, 8];
      const settled = await withOwner('Product.findMany', () =>
        Promise.allSettled(categories.map((category) => pool.query(text, [category]))),
      );
      response.end(settled.map(({ status }) => status).join());
    });
    await new Promise<void>((done) => page.listen(0, '127.0.0.1', done));
    const url = `http://127.0.0.1:${(page.address() as AddressInfo).port}/home/42`;
    try {
      await (await fetch(url)).text();
      const fanOut = {
        route: 'GET /home/:id',
        owner: 'Product.findMany',
        statement: 'SELECT $1::int AS category',
        peak: 8,
      };
      expect(pool.stats().fanOuts).toEqual([{ ...fanOut, requests: 1 }]);
      const holder = await pool.connect();
      const busy = holder.query('SELECT pg_sleep(0.2)');
      await (await fetch(url)).text();
      expect(pool.stats().fanOuts).toEqual([{ ...fanOut, requests: 2 }]);
      await busy;
      holder.release();
    } finally {
      stopObserving();
      page.closeAllConnections();
      page.close();
    }
  });

  test('two owners are kept apart', async () => {
    const pool = pools.open({ max: 2 });
    const use = (owner: string) =>
      withOwner(owner, async () => {
        const client = await pool.connect();
        await client.query('SELECT 1');
        client.release();
      });
    await Promise.all([use('A.read'), use('B.write'), use('A.read')]);
    const owners = pool.stats().owners.map(({ owner, checkouts }) => `${owner} ${checkouts}`);
    expect(owners.sort()).toEqual(['A.read 2', 'B.write 1']);
  });
});

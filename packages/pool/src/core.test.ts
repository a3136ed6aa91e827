import pg from 'pg';
import { afterEach, describe, expect, test } from 'vitest';
import { observeClient } from './connection/observed-client.ts';
import { queryClasses } from './connection/query-classes.ts';
import { PoolCore } from './core.ts';
import { type PoolConfig, resolveOptions } from './options/index.ts';
import type { ClientClass, PgClient, PgModule, QueryClass } from './pg-internals.ts';
import { FakeClock } from './testing/fake-clock.ts';
import { useTestPools } from './testing/test-pools.ts';

const pools = useTestPools();
const ClientOfPg = pg.Client as unknown as ClientClass & { prototype: PgClient; Query: QueryClass };

/** The pool without its shell, on a real server, with time in the test's hands. */
class Harness {
  readonly clock: FakeClock;
  readonly leaks: string[] = [];
  readonly core: PoolCore;
  readonly ended: Promise<void>;

  constructor(config: PoolConfig, url = pools.server.url(), clock = new FakeClock()) {
    this.clock = clock;
    const { options } = resolveOptions(config, {});
    const Client = observeClient(ClientOfPg);
    let ended = () => {};
    this.ended = new Promise((resolve) => {
      ended = resolve;
    });
    this.core = new PoolCore({
      options,
      clock: this.clock,
      createClient: () => new Client({ connectionString: url }),
      cancel: (_client, done) => done(true),
      knock: (done) => done(true),
      query: ClientOfPg.prototype.query,
      queries: queryClasses(ClientOfPg.Query, (pg as unknown as PgModule).utils.prepareValue),
      announce: () => {},
      log: () => {},
      events: {
        acquire: () => {},
        release: () => {},
        remove: () => {},
        idleError: () => {},
        timeout: () => {},
        shed: () => {},
        leakEnded: () => {},
        fanOut: () => {},
        nPlusOne: () => {},
        nested: () => {},
        slow: () => {},
        abandoned: () => {},
        reset: () => {},
        leak: ({ owner }) => this.leaks.push(owner),
        ended,
      },
    });
  }

  readonly checkout = (): Promise<PgClient> =>
    new Promise((resolve, reject) => {
      this.core.checkout((error, client) => (client ? resolve(client) : reject(error)));
    });

  readonly query = (text: string): Promise<unknown> =>
    new Promise((resolve, reject) => {
      this.core.query({ text }, this.core.profiles.of(text), (error, result) =>
        error ? reject(error) : resolve((result as pg.QueryResult).rows),
      );
    });
}

describe('with time in our hands', () => {
  const opened: Harness[] = [];
  const open = (config: PoolConfig, url?: string, clock?: FakeClock) => {
    const harness = new Harness(config, url, clock);
    opened.push(harness);
    return harness;
  };
  afterEach(async () => {
    for (const { core, clock, ended } of opened.splice(0)) {
      core.end(0);
      clock.advance(0);
      await ended;
    }
  });

  test('without a lane each caller has a login, but a server that refused is asked by one', async () => {
    const { core, clock, checkout } = open(
      { max: 4, multiplex: false, connectConcurrency: 4 },
      'postgresql://127.0.0.1:1/nobody',
    );
    const connecting = () => core.stats().connections.connecting;
    const ask = () => Promise.allSettled(Array.from({ length: 4 }, checkout));
    const first = ask();
    expect(connecting()).toBe(4);
    await first;
    expect(core.stats().counts.connectFailures).toBe(4);

    const second = ask();
    expect(connecting()).toBe(0);
    clock.advance(clock.untilNextTimer);
    expect(connecting()).toBe(1);
    await second;
    expect(core.stats().counts.connectFailures).toBe(5);
  });

  test('a login that fails speaks for those who waited for it; who came later has another', async () => {
    const { core, clock, checkout } = open({ max: 1 }, 'postgresql://127.0.0.1:1/nobody');
    const first = checkout();
    clock.advance(1);
    const later = checkout();
    await expect(first).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    expect(core.pending).toBe(1);
    clock.advance(clock.untilNextTimer);
    await expect(later).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    expect(core.stats().counts.connectFailures).toBe(2);
  });

  test('a timer that fires a little early closes the idle connection all the same', async () => {
    class Early extends FakeClock {
      override after(millis: number, fire: () => void) {
        return super.after(millis - 0.4, fire);
      }
    }
    const { core, clock, query } = open({ idleTimeoutMillis: 10 }, undefined, new Early());
    await query('SELECT 1');
    expect(core.total).toBe(1);
    clock.advance(9.6);
    expect(core.total).toBe(0);
  });

  test('a connection given back at work does not stay so for ever', async () => {
    const { core, clock, checkout, query } = open({ max: 1 });
    const client = await checkout();
    void (client.query('SELECT pg_sleep(60)') as Promise<unknown>).catch(() => {});
    client.release?.();
    clock.advance(9_000);
    const next = query('SELECT 1 AS n');
    expect(core.pending).toBe(1);
    clock.advance(1_000);
    await expect(next).resolves.toEqual([{ n: 1 }]);
  });

  test('one that has settled in time is kept', async () => {
    const { core, clock, checkout, query } = open({ max: 1, idleTimeoutMillis: 0 });
    const client = await checkout();
    void client.query('SELECT pg_sleep(0.05)');
    client.release?.();
    await query('SELECT 1');
    clock.advance(60_000);
    await query('SELECT 1');
    expect(core.stats().counts.connects).toBe(1);
  });

  test('a transaction on a shared connection takes it out, whatever has opened it', async () => {
    const { core, query } = open({ max: 1 });
    // The core takes every text for what its caller says it is.
    await query('BEGIN');
    expect(await query('SELECT 1 AS n')).toEqual([{ n: 1 }]);
    expect(core.stats().counts).toMatchObject({ connects: 2 });
  });

  test.each([
    ['not known yet', 0],
    ['known to be slow', 20],
  ])('nothing is sent behind a statement that is %s', async (_, millis) => {
    const { core, query } = open({ max: 1 });
    const [fast, slow] = ['SELECT 1 AS n', 'SELECT pg_sleep(0.1)'];
    await query(fast);
    if (millis > 0) core.profiles.of(slow).observe(millis);
    const answers = [query(slow), query(fast)];
    expect(core.stats()).toMatchObject({ inFlight: 1, pending: 1 });
    await Promise.all(answers);
    const together = [query(fast), query(fast)];
    expect(core.stats()).toMatchObject({ inFlight: 2, pending: 0 });
    await Promise.all(together);
  });

  test('a server that refuses is left alone for a while', async () => {
    const { core, clock, query } = open({ max: 5 }, 'postgresql://u@127.0.0.1:1/d');
    const attempts: number[] = [];
    for (let i = 0; i < 4; i++) {
      const refused = query('SELECT 1').catch((error) => error.code);
      attempts.push(core.stats().connections.connecting);
      clock.advance(1_000);
      attempts.push(core.stats().connections.connecting);
      expect(await refused).toBe('ECONNREFUSED');
    }
    expect(attempts).toEqual([1, 1, 0, 1, 0, 1, 0, 1]);
  });

  test('a leak is told once, at its threshold; none when it came back in time', async () => {
    const { clock, checkout, leaks } = open({ max: 2, leakThresholdMillis: 1_000 });
    const kept = await checkout();
    const returned = await checkout();
    clock.advance(999);
    returned.release?.();
    expect(leaks).toEqual([]);
    clock.advance(10_000);
    expect(leaks).toEqual(['an unnamed checkout']);
    kept.release?.();
  });

  test('idle connections above min are closed when it is time, no sooner', async () => {
    const { core, clock, checkout } = open({
      min: 1,
      max: 3,
      reserveShared: false,
      idleTimeoutMillis: 1_000,
    });
    const clients = [await checkout(), await checkout(), await checkout()];
    for (const client of clients) {
      client.release?.();
      clock.advance(100);
    }
    expect(core.total).toBe(3);
    clock.advance(799);
    expect(core.total).toBe(2);
    clock.advance(10_000);
    expect(core.total).toBe(1);
  });

  test('a wait ends at its deadline, within 100 ms, whoever holds the pool', async () => {
    const { clock, checkout, query, core } = open({ max: 1, connectionTimeoutMillis: 5_000 });
    const holder = await checkout();
    clock.advance(1_234);
    const waits = [checkout(), query('SELECT 1')].map((wait) => wait.catch((error) => error.name));
    clock.advance(4_999);
    expect(core.pending).toBe(2);
    clock.advance(101);
    expect(core.pending).toBe(0);
    expect(await Promise.all(waits)).toEqual(['PoolTimeoutError', 'PoolTimeoutError']);
    holder.release?.();
  });

  test('nothing is left behind when it has ended: no timer, no connection', async () => {
    const { core, clock, checkout, query, ended } = open({ max: 2, idleTimeoutMillis: 1_000 });
    await query('SELECT 1');
    (await checkout()).release?.();
    core.end(Infinity);
    await ended;
    clock.advance(100);
    expect({ timers: clock.timers, total: core.total }).toEqual({ timers: 0, total: 0 });
  });
});

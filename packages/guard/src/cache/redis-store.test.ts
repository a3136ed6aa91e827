import {
  REDIS_LIMIT_MILLIS,
  type RedisServer,
  startFaultProxy,
  startRedis,
} from '@lifeguard/testkit';
import { Decimal } from '@prisma/client-runtime-utils';
import { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { cache } from './create-cache.ts';
import { down } from './testing/fake-source.ts';
import type { Cache, CacheOptions, CacheProblem } from './types.ts';

const SOON = { timeout: 20_000, interval: 10 };
const CHANNEL = 'lifeguard:cache:default';
const undo: (() => unknown)[] = [];
let server: RedisServer;
let admin: Redis;

beforeAll(async () => {
  server = await startRedis();
}, REDIS_LIMIT_MILLIS);
beforeEach(async () => {
  admin = connect();
  await admin.flushall();
});
afterEach(async () => {
  for (const each of undo.splice(0).reverse()) await each();
});
afterAll(() => server.stop());

function connect(settings: object = {}): Redis {
  const client = new Redis({ port: server.port, retryStrategy: () => 20, ...settings });
  client.on('error', () => {});
  undo.push(() => client.disconnect());
  return client;
}

/** A cache as a process of its own has it, listening to the others. */
async function openProcess(options: CacheOptions = {}, redis = connect()): Promise<Cache> {
  const listeners = await listening();
  const made = cache({ ttl: '1h', redis, ...options });
  undo.push(() => made.close());
  await made.get('warm up', async () => 1);
  await vi.waitFor(async () => expect(await listening()).toBe(listeners + 1), SOON);
  return made;
}

async function listening(): Promise<number> {
  const [, count] = await admin.pubsub('NUMSUB', CHANNEL);
  return Number(count);
}

const never = () => Promise.reject(new Error('asked the source'));
const failing = () => Promise.reject(down());

/** What others wrote is there, and time has gone on. */
async function written(key: string): Promise<void> {
  await vi.waitFor(async () => expect(await admin.exists(`${CHANNEL}:${key}`)).toBe(1), SOON);
  await nextMillisecond();
}

async function nextMillisecond(): Promise<void> {
  const now = Date.now();
  await vi.waitFor(() => expect(Date.now()).toBeGreaterThan(now), { interval: 1 });
}

describe('processes share', () => {
  test('what one has loaded, with its types and its age', async () => {
    const types = {
      Decimal: {
        is: Decimal.isDecimal,
        write: (decimal: Decimal) => decimal.toString(),
        read: (text: string) => new Decimal(text),
      },
    };
    const value = {
      id: 9_007_199_254_740_993n,
      at: new Date('2030-01-01'),
      price: new Decimal('19.99'),
      image: Buffer.from([0, 255]),
      hash: new Uint8Array([1, 2]),
      note: undefined,
      none: null,
    };
    const one = await openProcess({ types });
    await one.get('k', async () => value);
    await written('k');
    const two = await openProcess({ types });
    const answer = await two.read('k', never);
    expect(answer.state).toBe('fresh');
    expect(answer.value).toStrictEqual(value);
    expect(answer.ageMillis).toBeGreaterThan(0);
  });

  test('the last good answer: one that has just started has it when the source is down', async () => {
    const one = await openProcess();
    await one.get('k', async () => 'old');
    await written('k');
    const two = await openProcess({ ttl: 0, staleOnError: '1h' });
    expect(await two.read('k', failing)).toMatchObject({ value: 'old', state: 'stale-on-error' });
  });

  test('a refresh: others drop what they had of it', async () => {
    const one = await openProcess();
    const two = await openProcess();
    await one.get('k', async () => 'old');
    await written('k');
    expect(await two.get('k', never)).toBe('old');
    await one.get('k', async () => 'new', { ttl: 1, staleOnError: '1h' });
    await vi.waitFor(async () => expect(await two.get('k', never)).toBe('new'), SOON);
  });

  test('nothing with a cache of another name, and clear() leaves that alone', async () => {
    const prefixed = { keyPrefix: 'app[1]:' };
    const one = await openProcess({}, connect(prefixed));
    const other = cache({ ttl: '1h', name: 'other', redis: connect(prefixed) });
    undo.push(() => other.close());
    await one.get('k', async () => 'one');
    await other.get('k', async () => 'other');
    await vi.waitFor(async () => expect(await admin.keys('*:k')).toHaveLength(2), SOON);
    await one.clear();
    expect(await admin.keys('*:k')).toEqual(['app[1]:lifeguard:cache:other:k']);
    await expect(one.get('k', never)).rejects.toThrow('asked the source');
    expect(await other.get('k', never)).toBe('other');
  });
});

describe('what one process drops', () => {
  test.each([
    ['by key', { keys: ['k'] }],
    ['by tag', { tags: ['t'] }],
  ])('%s is gone in all', async (_, what) => {
    const one = await openProcess();
    const two = await openProcess();
    await one.get('k', async () => 'old', { tags: ['t'] });
    await written('k');
    expect(await two.get('k', never, { tags: ['t'] })).toBe('old');
    await one.invalidate(what);
    await expect(one.get('k', never, { tags: ['t'] })).rejects.toThrow('asked the source');
    const gone = () =>
      expect(two.get('k', never, { tags: ['t'] })).rejects.toThrow('asked the source');
    await vi.waitFor(gone, SOON);
  });

  test.each([
    ['by key', { keys: ['k'] }],
    ['by tag', { tags: ['t'] }],
  ])('%s does not come back from a load that another had under way', async (_, what) => {
    const one = await openProcess();
    const two = await openProcess();
    let answer = (_: string) => {};
    const late = two.get(
      'k',
      () =>
        new Promise((resolve) => {
          answer = resolve;
        }),
      { tags: ['t'] },
    );
    await vi.waitFor(() => expect(two.stats().loading).toBe(1), SOON);
    await nextMillisecond();
    await one.invalidate(what);
    // Whether the other has heard of it yet or not.
    answer('old');
    expect(await late).toBe('old');
    await two.close();
    await expect(one.get('k', never, { tags: ['t'] })).rejects.toThrow('asked the source');
  });

  test('while another could not listen is gone there as soon as it listens again', async () => {
    const one = await openProcess();
    const two = await openProcess();
    await one.get('k', async () => 'old', { tags: ['t'] });
    await written('k');
    expect(await two.get('k', never, { tags: ['t'] })).toBe('old');
    await Promise.all([admin.client('KILL', 'TYPE', 'pubsub'), one.invalidate({ tags: ['t'] })]);
    const gone = () =>
      expect(two.get('k', never, { tags: ['t'] })).rejects.toThrow('asked the source');
    await vi.waitFor(gone, SOON);
  });

  test('while it had no way to Redis is dropped there before it reads again, and then told', async () => {
    const proxy = await startFaultProxy({ target: { port: server.port } });
    undo.push(() => proxy.close());
    // With its queue ioredis itself would send some of it later.
    const client = connect({ port: proxy.port, enableOfflineQueue: false });
    await vi.waitFor(() => expect(client.status).toBe('ready'), SOON);
    const one = await openProcess({ redisTimeout: 100 }, client);
    const two = await openProcess();
    const options = { tags: ['t'] };
    await one.get('k', async () => 'old', options);
    await one.get('l', async () => 'old');
    await written('k');
    await written('l');
    expect(await two.get('k', never, options)).toBe('old');
    expect(await two.get('l', never)).toBe('old');
    proxy.refuse();
    proxy.reset();
    await one.invalidate({ keys: ['l'], tags: ['t'] });
    await expect(one.get('k', never, options)).rejects.toThrow('asked the source');
    expect(await two.get('k', never, options)).toBe('old');
    await proxy.accept();
    await vi.waitFor(async () => {
      await expect(one.get('k', never, options)).rejects.toThrow('asked the source');
      await expect(one.get('l', never)).rejects.toThrow('asked the source');
      await expect(two.get('k', never, options)).rejects.toThrow('asked the source');
      await expect(two.get('l', never)).rejects.toThrow('asked the source');
    }, SOON);
  });
});

describe('without Redis', () => {
  test('memory and source go on, and after a first wait nobody waits for it', async () => {
    const problems: CacheProblem[] = [];
    const client = connect();
    const onProblem = (problem: CacheProblem) => problems.push(problem);
    const shop = await openProcess({ redisTimeout: 50, onProblem }, client);
    await shop.get('k', async () => 'in memory', { tags: ['t'] });
    server.freeze();
    undo.push(() => server.thaw());
    expect(await shop.get('k', never, { tags: ['t'] })).toBe('in memory');
    await shop.get('first', async () => 1);
    expect(problems).toMatchObject([
      { kind: 'redis-failed', error: { message: 'Redis gave no answer within 50 ms' } },
    ]);
    const asked = vi.spyOn(client, 'get');
    for (let i = 0; i < 100; i++) await shop.get(`key ${i}`, async () => i);
    // One a second tries it: far fewer than a hundred.
    expect(asked.mock.calls.length).toBeLessThan(50);
    server.thaw();
    await vi.waitFor(async () => {
      await shop.get(`back ${performance.now()}`, async () => 1);
      expect((await admin.keys('*:back*')).length).toBeGreaterThan(0);
    }, SOON);
  });

  test('a lost cache is no stampede: no more loads at once than maxRefreshes', async () => {
    const shop = await openProcess({ maxRefreshes: 5, maxEntries: 1 });
    const keys = Array.from({ length: 200 }, (_, i) => `key ${i}`);
    await server.halt();
    undo.push(() => server.resume());
    let running = 0;
    let most = 0;
    const load = async () => {
      running += 1;
      most = Math.max(most, running);
      await new Promise(setImmediate);
      running -= 1;
      return 'loaded';
    };
    await Promise.all(keys.map((key) => shop.get(key, load)));
    expect(most).toBe(5);
    expect(shop.stats()).toMatchObject({ loading: 0, waiting: 0 });
  });

  test('an entry whose tags it gives no answer about is not used', async () => {
    const one = await openProcess();
    await one.get('k', async () => 'old', { tags: ['t'] });
    await written('k');
    await one.invalidate({ tags: ['t'] });
    const client = connect();
    const get = client.get.bind(client);
    let isAnswering = true;
    client.get = ((key: string) => {
      if (!key.endsWith(':k') && !isAnswering) return Promise.reject(new Error('READONLY'));
      isAnswering = false;
      return get(key);
    }) as typeof client.get;
    const two = cache({ ttl: '1h', redis: client });
    undo.push(() => two.close());
    isAnswering = true;
    await expect(two.get('k', never, { tags: ['t'] })).rejects.toThrow('asked the source');
    await expect(two.get('k', never, { tags: ['t'] })).rejects.toThrow('asked the source');
    isAnswering = true;
    client.get = get as typeof client.get;
    await vi.waitFor(async () => {
      await two.get(`again ${performance.now()}`, async () => 1);
      await expect(two.get('k', never, { tags: ['t'] })).rejects.toThrow('asked the source');
      expect((await admin.keys('*:again*')).length).toBeGreaterThan(0);
    }, SOON);
  });
});

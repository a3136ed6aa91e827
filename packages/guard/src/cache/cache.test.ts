import { AsyncLocalStorage } from 'node:async_hooks';
import { beforeEach, describe, expect, test } from 'vitest';
import { deadline, remainingMillis } from '../deadline/deadline.ts';
import { CacheOverStore } from './cache.ts';
import { Entry } from './entry.ts';
import type { StoreListener } from './store.ts';
import { down, FakeSource } from './testing/fake-source.ts';
import { FakeStore } from './testing/fake-store.ts';
import { FakeWallClock, settled } from './testing/fake-wall-clock.ts';
import type { CacheOptions, CacheProblem, ReadOptions } from './types.ts';

let clock: FakeWallClock;
let store: FakeStore;
let source: FakeSource;
let problems: CacheProblem[];
let others: StoreListener;

beforeEach(() => {
  clock = new FakeWallClock();
  store = new FakeStore();
  source = new FakeSource();
  problems = [];
});

function open(options: CacheOptions = {}) {
  const onProblem = (problem: CacheProblem) => problems.push(problem);
  return new CacheOverStore(
    { ttl: '10s', onProblem, ...options },
    async (listener) => {
      others = listener;
      return store;
    },
    clock,
  );
}

/** Reads, and tells how it came out once it has. */
function reader(cache: CacheOverStore, key = 'k', options: ReadOptions = {}) {
  const seen = { outcome: undefined as unknown };
  cache.read(key, source.load(key), options).then(
    (answer) => {
      seen.outcome = answer;
    },
    (error: Error) => {
      seen.outcome = error.message;
    },
  );
  return seen;
}

/** A cache with an answer `old` under `k`, read so long ago. */
async function withOld(ageMillis: number, options: CacheOptions) {
  const cache = open(options);
  source.answer = { name: 'old' };
  await cache.get('k', source.load('k'));
  source.answer = undefined;
  await clock.advance(ageMillis);
  return cache;
}

describe('an answer', () => {
  test('is loaded once and then fresh, for ttl', async () => {
    const cache = open();
    source.answer = { name: 'tea' };
    const first = await cache.read('k', source.load('k'));
    expect(first).toEqual({
      value: { name: 'tea' },
      state: 'fresh',
      ageMillis: 0,
      isLoaded: true,
    });
    await clock.advance(9_999);
    source.answer = { name: 'coffee' };
    const second = await cache.read('k', source.load('k'));
    expect(second).toEqual({
      value: { name: 'tea' },
      state: 'fresh',
      ageMillis: 9_999,
      isLoaded: false,
    });
    await clock.advance(1);
    expect(await cache.get('k', source.load('k'))).toEqual({ name: 'coffee' });
    expect(cache.stats()).toMatchObject({ fresh: 1, loaded: 2, loads: 2, failedLoads: 0 });
  });

  test('is one load for all who ask at once, and a copy for each', async () => {
    const cache = open();
    const readers = Array.from({ length: 200 }, () =>
      cache.get<{ name: string }>('k', source.load('k') as never),
    );
    await settled();
    expect(source.count).toBe(1);
    expect(store.looks).toBe(1);
    source.calls[0]?.resolve({ name: 'tea' });
    const values = await Promise.all(readers);
    expect(new Set(values).size).toBe(200);
    (values[0] as { name: string }).name = 'changed';
    expect(values[1]).toEqual({ name: 'tea' });
    expect(await cache.get('k', source.load('k'))).toEqual({ name: 'tea' });
  });

  test.each([null, undefined, 0, ''])('may be %j', async (nothing) => {
    const cache = open();
    const load = async () => {
      source.answer = 'asked again';
      return nothing;
    };
    expect(await cache.get('k', load)).toBe(nothing);
    expect(await cache.get<unknown>('k', source.load('k'))).toBe(nothing);
    expect(source.count).toBe(0);
  });

  test('that is an error is never kept, and is one for all who asked', async () => {
    const cache = open({ staleOnError: '1h' });
    const failing = [reader(cache), reader(cache)];
    await settled();
    source.calls[0]?.reject(down());
    await settled();
    expect(failing.map(({ outcome }) => outcome)).toEqual(Array(2).fill(down().message));
    expect(source.count).toBe(1);
    source.answer = 'back';
    expect(await cache.get('k', source.load('k'))).toBe('back');
  });

  test('that cannot be stored reaches its readers all the same, and is reported', async () => {
    const cache = open();
    source.answer = { f: () => {} };
    await cache.get('k', source.load('k'));
    await cache.get('k', source.load('k'));
    expect(source.count).toBe(2);
    expect(problems.map(({ kind }) => kind)).toEqual(['not-storable', 'not-storable']);
  });

  test('that another process wrote in a way unknown here is read anew', async () => {
    const cache = open();
    store.kept.set('k', { entry: new Entry('[["~Money",1],5]', clock.now()), tags: [] });
    source.answer = 'new';
    expect(await cache.get('k', source.load('k'))).toBe('new');
    expect(problems.map(({ kind }) => kind)).toEqual(['not-readable']);
  });

  test('stays in the store as long as it is good for anything', async () => {
    const cache = open({ swr: '1m', staleOnError: '1h' });
    source.answer = 1;
    await cache.get('k', source.load('k'));
    expect(store.lifetimes.get('k')).toBe(3_610_000);
  });
});

describe('stale while it is read anew', () => {
  test('one refresh in the background, and its answer next', async () => {
    const cache = await withOld(12_000, { swr: '1m' });
    const readers = [reader(cache), reader(cache)];
    await settled();
    const stale = { value: { name: 'old' }, state: 'stale', ageMillis: 12_000, isLoaded: false };
    expect(readers.map(({ outcome }) => outcome)).toEqual([stale, stale]);
    expect(source.calls.length).toBe(1);
    await clock.advance(500);
    source.calls[0]?.resolve({ name: 'new' });
    await settled();
    const next = reader(cache);
    await settled();
    expect(next.outcome).toMatchObject({
      value: { name: 'new' },
      state: 'fresh',
      ageMillis: 500,
    });
  });

  test('a refresh that fails is reported, marks the answer and is not repeated at once', async () => {
    const cache = await withOld(12_000, { swr: '1m' });
    source.answer = down();
    await cache.get('k', source.load('k'));
    await settled();
    expect(problems).toMatchObject([{ kind: 'refresh-failed', key: 'k' }]);
    expect(await cache.read('k', source.load('k'))).toMatchObject({ state: 'stale-on-error' });
    expect(source.count).toBe(2);
    await clock.advance(1_000);
    source.answer = { name: 'new' };
    expect(await cache.read('k', source.load('k'))).toMatchObject({ state: 'stale-on-error' });
    await settled();
    expect(await cache.read('k', source.load('k'))).toMatchObject({ state: 'fresh' });
  });

  test('past swr the reader waits', async () => {
    const cache = await withOld(70_000, { swr: '1m' });
    const late = reader(cache);
    await settled();
    expect(late.outcome).toBeUndefined();
    source.calls[0]?.resolve({ name: 'new' });
    await settled();
    expect(late.outcome).toMatchObject({ value: { name: 'new' }, state: 'fresh' });
  });
});

describe('stale on error', () => {
  const rules = { staleOnError: '1h' };
  const old = { value: { name: 'old' }, state: 'stale-on-error' };

  test('the last good answer, marked and with its age', async () => {
    const cache = await withOld(60_000, rules);
    source.answer = down();
    expect(await cache.read('k', source.load('k'))).toMatchObject({ ...old, ageMillis: 60_000 });
  });

  test('an error of the application is thrown', async () => {
    const cache = await withOld(60_000, rules);
    source.answer = Object.assign(new Error('duplicate key value'), {
      code: '23505',
      severity: 'ERROR',
    });
    await expect(cache.get('k', source.load('k'))).rejects.toThrow('duplicate key value');
    source.answer = new TypeError('rows is undefined');
    await expect(cache.get('k', source.load('k'))).rejects.toThrow('rows is undefined');
  });

  test('only until staleOnError is over', async () => {
    const cache = await withOld(3_610_000, rules);
    source.answer = down();
    await expect(cache.get('k', source.load('k'))).rejects.toThrow('ECONNREFUSED');
  });

  test('after a failure the source is left alone for a second, then two', async () => {
    const cache = await withOld(60_000, rules);
    source.answer = down();
    for (let i = 0; i < 100; i++) await cache.get('k', source.load('k'));
    expect(source.count).toBe(2);
    await clock.advance(1_000);
    for (let i = 0; i < 100; i++) await cache.get('k', source.load('k'));
    await clock.advance(1_999);
    await cache.get('k', source.load('k'));
    expect(source.count).toBe(3);
    await clock.advance(1);
    source.answer = { name: 'new' };
    expect(await cache.read('k', source.load('k'))).toMatchObject({
      value: { name: 'new' },
      state: 'fresh',
    });
  });

  test('a source that hangs costs its first reader softTimeout, and the others nothing', async () => {
    const cache = await withOld(60_000, rules);
    const first = reader(cache);
    await clock.advance(999);
    const second = reader(cache);
    await settled();
    expect([first.outcome, second.outcome]).toEqual([undefined, undefined]);
    await clock.advance(1);
    expect([first.outcome, second.outcome]).toMatchObject([old, old]);
    const third = reader(cache);
    await settled();
    expect(third.outcome).toMatchObject(old);
    expect(source.count).toBe(2);
    source.calls[0]?.resolve({ name: 'late' });
    await settled();
    expect(await cache.read('k', source.load('k'))).toMatchObject({
      value: { name: 'late' },
      state: 'fresh',
    });
  });

  test('what counts as an outage can be said', async () => {
    const isOutage = (error: unknown) => error instanceof Error && error.message === 'HTTP 503';
    const cache = await withOld(60_000, { ...rules, isOutage });
    source.answer = new Error('HTTP 503');
    expect(await cache.read('k', source.load('k'))).toMatchObject(old);
  });
});

describe('a source that does not answer', () => {
  test('is given up after timeout, and told so', async () => {
    const cache = open();
    const waiting = reader(cache);
    await clock.advance(9_999);
    expect(waiting.outcome).toBeUndefined();
    await clock.advance(1);
    expect(waiting.outcome).toBe('the source gave no answer within 10000 ms');
    expect(source.calls[0]?.signal.aborted).toBe(true);
    expect(clock.timers).toBe(0);
  });

  test('holds no slot for ever', async () => {
    const cache = open({ maxRefreshes: 1 });
    reader(cache, 'a');
    await clock.advance(10_000);
    source.answer = 'b';
    expect(await cache.get('b', source.load('b'))).toBe('b');
  });
});

describe('after an outage', () => {
  test('no more loads run at once than there are slots, and the others wait their turn', async () => {
    const cache = open({ maxRefreshes: 3 });
    const readers = Array.from({ length: 10 }, (_, i) => reader(cache, `key ${i}`));
    await settled();
    expect(source.calls.map(({ key }) => key)).toEqual(['key 0', 'key 1', 'key 2']);
    expect(cache.stats()).toMatchObject({ loading: 3, waiting: 7 });
    let most = 0;
    for (let i = 0; i < 10; i++) {
      most = Math.max(most, cache.stats().loading);
      source.calls[i]?.resolve(i);
      await settled();
    }
    expect(most).toBe(3);
    expect(source.calls.map(({ key }) => key)).toEqual(readers.map((_, i) => `key ${i}`));
    expect(readers.map(({ outcome }) => (outcome as { value: number }).value)).toEqual([
      0, 1, 2, 3, 4, 5, 6, 7, 8, 9,
    ]);
    expect(cache.stats()).toMatchObject({ loading: 0, waiting: 0 });
  });

  test('a load within a load has its turn at once: it would wait for itself', async () => {
    const cache = open({ maxRefreshes: 1 });
    const page = cache.get('page', () => cache.get('part', async () => 'tea'));
    await settled();
    expect(await page).toBe('tea');
    expect(clock.timers).toBe(0);
    // And gives nobody else one more.
    reader(cache, 'a');
    reader(cache, 'b');
    await settled();
    expect(cache.stats()).toMatchObject({ loading: 1, waiting: 1 });
  });

  test('a refresh in the background does not even wait', async () => {
    const cache = await withOld(12_000, { swr: '1m', maxRefreshes: 1 });
    reader(cache, 'another');
    await settled();
    expect(await cache.read('k', source.load('k'))).toMatchObject({ state: 'stale' });
    expect(source.calls.map(({ key }) => key)).toEqual(['another']);
    expect(cache.stats().waiting).toBe(0);
  });

  test('who waits in vain for a turn is told in time, and takes none from others', async () => {
    const cache = open({ maxRefreshes: 1 });
    reader(cache, 'a', { timeout: '60s' });
    await settled();
    const second = reader(cache, 'b', { timeout: '1s' });
    const third = reader(cache, 'c', { timeout: '60s' });
    await clock.advance(1_000);
    expect(second.outcome).toBe('the source gave no answer within 1000 ms');
    source.calls[0]?.resolve('a');
    await settled();
    source.calls[1]?.resolve('c');
    await settled();
    expect(third.outcome).toMatchObject({ value: 'c' });
    expect(source.calls.map(({ key }) => key)).toEqual(['a', 'c']);
  });
});

describe('invalidation', () => {
  test('by key and by tag', async () => {
    const cache = open();
    source.answer = 'old';
    await cache.get('a', source.load('a'), { tags: ['products', 'product:1'] });
    await cache.get('b', source.load('b'), { tags: ['products'] });
    await cache.get('c', source.load('c'));
    source.answer = 'new';
    await clock.advance(1);
    await cache.invalidate({ tags: ['product:1'], keys: ['c'] });
    await clock.advance(1);
    const read = () => Promise.all(['a', 'b', 'c'].map((key) => cache.get(key, source.load(key))));
    expect(await read()).toEqual(['new', 'old', 'new']);
  });

  test('reaches a load that is under way: its readers get it, nobody else', async () => {
    const cache = open();
    const before = [reader(cache, 'a', { tags: ['t'] }), reader(cache, 'b')];
    await settled();
    await cache.invalidate({ tags: ['t'], keys: ['b'] });
    await clock.advance(1);
    const after = [reader(cache, 'a', { tags: ['t'] }), reader(cache, 'b')];
    await settled();
    source.calls.slice(0, 2).forEach(({ resolve }) => void resolve('old'));
    await settled();
    expect(before).toMatchObject([{ outcome: { value: 'old' } }, { outcome: { value: 'old' } }]);
    expect(store.kept.size).toBe(0);
    source.calls.slice(2).forEach(({ resolve }) => void resolve('new'));
    await settled();
    expect(after).toMatchObject([{ outcome: { value: 'new' } }, { outcome: { value: 'new' } }]);
    expect([...store.kept.keys()]).toEqual(['a', 'b']);
  });

  test('reaches an entry that is on its way from the store', async () => {
    const cache = open();
    source.answer = 'old';
    await cache.get('k', source.load('k'));
    await clock.advance(1);
    let open_ = () => {};
    store.gate = new Promise((resolve) => {
      open_ = resolve;
    });
    const late = reader(cache);
    await settled();
    await cache.invalidate({ keys: ['k'] });
    source.answer = 'new';
    await clock.advance(1);
    open_();
    await settled();
    expect(late.outcome).toMatchObject({ value: 'new' });
  });

  test('of another process counts here as well, for what it had read before', async () => {
    const cache = open();
    source.answer = 'old';
    await cache.get('k', source.load('k'));
    const running = reader(cache, 'running', { tags: ['t'] });
    await clock.advance(1);
    others.invalidated(['k'], ['t']);
    // A process that read before the invalidation writes after it.
    await clock.advance(1);
    source.answer = 'new';
    expect(await cache.get('k', source.load('k'))).toBe('new');
    await settled();
    expect(running.outcome).toMatchObject({ value: 'old' });
  });

  test('of everything', async () => {
    const cache = open();
    source.answer = 'old';
    await cache.get('k', source.load('k'));
    await clock.advance(1);
    await cache.clear();
    await clock.advance(1);
    source.answer = 'new';
    expect(await cache.get('k', source.load('k'))).toBe('new');
    others.cleared();
    await clock.advance(1);
    source.answer = 'newest';
    expect(await cache.get('k', source.load('k'))).toBe('newest');
  });

  test('is never answered with what was dropped, also when the source is down', async () => {
    const cache = await withOld(1, { staleOnError: '1h' });
    await cache.invalidate({ keys: ['k'] });
    source.answer = down();
    await expect(cache.get('k', source.load('k'))).rejects.toThrow('ECONNREFUSED');
  });
});

describe('when the clock is set back', () => {
  const HOUR = 3_600_000;

  test('an answer is not good for so much longer', async () => {
    const cache = await withOld(0, {});
    await clock.advance(-HOUR);
    source.answer = { name: 'new' };
    expect(await cache.get('k', source.load('k'))).toEqual({ name: 'new' });
  });

  test('a source that failed is not left alone for so much longer', async () => {
    const cache = await withOld(10_000, { staleOnError: '10h' });
    source.answer = down();
    expect(await cache.read('k', source.load('k'))).toMatchObject({ state: 'stale-on-error' });
    // A little: what is kept is still good.
    await clock.advance(-4_000);
    source.answer = { name: 'new' };
    await clock.advance(6_000);
    expect(await cache.get('k', source.load('k'))).toEqual({ name: 'new' });
  });
});

test('what a listener throws is no reader’s trouble', async () => {
  const warnings: Error[] = [];
  const hear = (warning: Error) => warnings.push(warning);
  process.on('warning', hear);
  const cache = open({
    onProblem: () => {
      throw new Error('the listener');
    },
  });
  const given = () => 'a function can’t be stored';
  expect(await cache.get('k', async () => given)).toBe(given);
  await settled();
  process.off('warning', hear);
  expect(warnings.map(({ message }) => message)).toEqual(['the listener']);
});

test('an entry of a process whose clock is ahead is new, not older than time', async () => {
  const cache = open();
  store.kept.set('k', { entry: new Entry('["ahead"]', clock.now() + 5_000), tags: [] });
  expect(await cache.read('k', source.load('k'))).toMatchObject({
    value: 'ahead',
    state: 'fresh',
    ageMillis: 0,
  });
});

describe('options', () => {
  test.each([
    [{ ttl: '10' }, /^ttl must be/],
    [{ swr: -1 }, /^swr must be/],
    [{ staleOnError: 'long' }, /^staleOnError must be/],
    [{ maxRefreshes: 0 }, /^maxRefreshes must be/],
    [{ maxEntries: 1.5 }, /^maxEntries must be/],
    [{ maxBytes: Number.NaN }, /^maxBytes must be/],
  ])('%j is refused at once', (options, message) => {
    expect(() => open(options)).toThrow(message);
  });

  test('ttl is needed somewhere', async () => {
    const cache = new CacheOverStore({}, async () => store, clock);
    await expect(cache.get('k', () => 1)).rejects.toThrow(/^ttl is needed/);
    expect(await cache.get('k', () => 1, { ttl: '1s' })).toBe(1);
  });
});

describe('whose load it is', () => {
  const reader = new AsyncLocalStorage<string>();
  const load = async () => ({ reader: reader.getStore() ?? 'nobody', left: remainingMillis() });

  test('a load runs in the context of who began it, but without its deadline', async () => {
    const cache = open();
    const first = () => deadline(5_000, () => cache.get('k', load));
    expect(await reader.run('first', first)).toEqual({ reader: 'first', left: Infinity });
  });

  test('a refresh in the background is nobody’s', async () => {
    const cache = open({ swr: '1m' });
    await cache.get('k', load);
    await clock.advance(20_000);
    await reader.run('second', () => deadline(5_000, () => cache.get('k', load)));
    await settled();
    expect(await cache.get('k', load)).toEqual({ reader: 'nobody', left: Infinity });
  });
});

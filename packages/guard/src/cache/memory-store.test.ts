import { afterEach, expect, test, vi } from 'vitest';
import { cache } from './create-cache.ts';
import { down } from './testing/fake-source.ts';
import type { Cache, CacheOptions } from './types.ts';

const opened: Cache[] = [];
afterEach(async () => {
  await Promise.all(opened.splice(0).map((each) => each.close()));
});

function open(options: CacheOptions = {}): Cache {
  const made = cache({ ttl: '1h', ...options });
  opened.push(made);
  return made;
}

/** A load that tells how often it ran. */
function counted<T>(value: T) {
  return vi.fn(async () => value);
}

test('keeps values, and gives everybody a copy', async () => {
  const shop = open();
  const load = counted({ at: new Date(0), total: 10n });
  const first = await shop.get('k', load);
  first.at.setFullYear(2000);
  const second = await shop.get('k', load);
  expect(second).toStrictEqual({ at: new Date(0), total: 10n });
  second.total = 0n;
  expect((await shop.get('k', load)).total).toBe(10n);
  expect(load).toHaveBeenCalledTimes(1);
});

test('drops by key, by tag and all, and keeps the rest', async () => {
  const shop = open();
  const load = counted('value');
  const read = () =>
    Promise.all([
      shop.get('a', load, { tags: ['products', 'product:1'] }),
      shop.get('b', load, { tags: ['products'] }),
      shop.get('c', load),
    ]);
  await read();
  await read();
  expect(load).toHaveBeenCalledTimes(3);
  await nextMillisecond();
  await shop.invalidate({ tags: ['product:1'] });
  await nextMillisecond();
  await read();
  await read();
  expect(load).toHaveBeenCalledTimes(4);
  await shop.invalidate({ keys: ['b', 'c'] });
  await nextMillisecond();
  await read();
  expect(load).toHaveBeenCalledTimes(6);
  await shop.clear();
  await nextMillisecond();
  await read();
  expect(load).toHaveBeenCalledTimes(9);
});

test('does not answer with what a tag dropped, not even when the source is down', async () => {
  const shop = open({ ttl: 0, staleOnError: '1h' });
  await shop.get('k', async () => 'old', { tags: ['t'] });
  const failing = () => Promise.reject(down());
  expect(await shop.read('k', failing, { tags: ['t'] })).toMatchObject({ state: 'stale-on-error' });
  await shop.invalidate({ tags: ['t'] });
  await expect(shop.get('k', failing, { tags: ['t'] })).rejects.toThrow('ECONNREFUSED');
});

test('holds no more entries than maxEntries', async () => {
  const shop = open({ maxEntries: 10 });
  for (let i = 0; i < 100; i++) await shop.get(`key ${i}`, async () => i);
  const again = counted('again');
  for (let i = 0; i < 100; i++) await shop.get(`key ${i}`, again);
  expect(again).toHaveBeenCalledTimes(100);
  const last = counted('again');
  for (let i = 99; i > 89; i--) await shop.get(`key ${i}`, last);
  expect(last).not.toHaveBeenCalled();
});

test('holds no more bytes than maxBytes', async () => {
  const shop = open({ maxBytes: 10_000 });
  const load = vi.fn(async () => 'x'.repeat(3_000));
  for (let i = 0; i < 5; i++) await shop.get(`key ${i}`, load);
  for (let i = 4; i > 1; i--) await shop.get(`key ${i}`, load);
  expect(load).toHaveBeenCalledTimes(5);
  await shop.get('key 0', load);
  expect(load).toHaveBeenCalledTimes(6);
  const large = vi.fn(async () => 'x'.repeat(20_000));
  await shop.get('large', large);
  await shop.get('large', large);
  expect(large).toHaveBeenCalledTimes(2);
});

test('is one load for 200 that ask at once, also when it fails', async () => {
  const shop = open();
  const failing = vi.fn(() => Promise.reject(down()));
  const readers = Array.from({ length: 200 }, () => shop.get('k', failing));
  expect((await Promise.allSettled(readers)).every(({ status }) => status === 'rejected')).toBe(
    true,
  );
  expect(failing).toHaveBeenCalledTimes(1);
});

/** Times are of whole milliseconds: what happens in the one of an invalidation counts as before it. */
async function nextMillisecond(): Promise<void> {
  const now = Date.now();
  await vi.waitFor(() => expect(Date.now()).toBeGreaterThan(now), { interval: 1 });
}

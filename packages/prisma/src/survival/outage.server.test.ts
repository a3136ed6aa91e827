import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as pause } from 'node:timers/promises';
import { cache, type GuardEvent } from '@lifeguard/guard';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { eventually, type Library, openLibrary } from '../testing/library.ts';
import { unhandledRejections } from '../testing/rejections.ts';

const OUTAGE_MILLIS = 10_000;
const DEADLINE_MILLIS = 1_000;
/** What callers are promised beyond their deadline. */
const GRACE_MILLIS = 100;
/** Of each kind of call, one every so often: 100 a second. */
const EVERY_MILLIS = 10;

let library: Library;
const rejections = unhandledRejections();

beforeAll(async () => {
  library = await openLibrary();
  // Restarts would be the end of it, and of the test.
  library.sql.on('error', () => {});
});
afterAll(async () => {
  await library?.close();
});

const now = () => performance.now();

/** One call as its caller saw it. */
interface Call {
  readonly kind: string;
  readonly at: number;
  readonly millis: number;
  /** What it brought: a state of the cache, `ok`, or an error's code. */
  readonly result: string;
}

function tally(words: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const word of words) counts[word] = (counts[word] ?? 0) + 1;
  return counts;
}

/** The most of `times` within any one second. */
function mostPerSecond(times: readonly number[]): number {
  return Math.max(
    0,
    ...times.map((from) => times.filter((at) => at >= from && at < from + 1_000).length),
  );
}

test('ten seconds without a server, under load', async () => {
  const events: (GuardEvent & { at: number })[] = [];
  const { db, prisma } = library.open({
    deadlineMillis: DEADLINE_MILLIS,
    guard: { onEvent: (event) => events.push({ ...event, at: now() }) },
  });
  const attempts: number[] = [];
  const countAttempts = () => {
    const { connects, connectFailures } = db.stats().counts;
    while (attempts.length < connects + connectFailures) attempts.push(now());
  };
  const shop = cache({ ttl: '1s', staleOnError: '1m' });
  let n = 0;
  const kinds: Record<string, () => Promise<string>> = {
    cached: async () => {
      const authorId = 1 + (n++ % 2);
      const list = () => prisma.book.findMany({ where: { authorId } });
      return (await shop.read(`books of ${authorId}`, list)).state;
    },
    kept: async () => {
      const where = { authorId: 1 + (n++ % 2) };
      const cacheStrategy = { ttl: 1, staleOnError: '1m' } as const;
      const { info } = await prisma.book.findMany({ where, cacheStrategy }).withCacheInfo();
      return info?.state ?? 'none';
    },
    read: () => prisma.author.findFirst().then(() => 'ok'),
    write: () => prisma.book.updateMany({ data: { title: 'Same' } }).then(() => 'ok'),
    transaction: () => prisma.$transaction((tx) => tx.author.count()).then(() => 'ok'),
  };
  const calls: Call[] = [];
  const underWay = new Set<Promise<void>>();
  const begin = (kind: string, run: () => Promise<string>) => {
    const at = now();
    const call = run()
      .catch((error: { code?: string }) => error.code ?? String(error))
      .then((result) => void calls.push({ kind, at, millis: now() - at, result }));
    underWay.add(call);
    call.then(() => underWay.delete(call));
  };
  const between = (from: number, to: number) => calls.filter(({ at }) => at >= from && at < to);

  for (const kind of Object.values(kinds)) await kind();
  const lag = monitorEventLoopDelay({ resolution: 5 });
  lag.enable();
  const load = setInterval(() => {
    countAttempts();
    for (const [kind, run] of Object.entries(kinds)) begin(kind, run);
  }, EVERY_MILLIS);
  await pause(1_000);

  await library.server.halt('immediate');
  const down = now();
  await pause(OUTAGE_MILLIS);
  const healthDuring = await db.health();
  const triesDuring = attempts.filter((at) => at >= down).length;
  await library.server.resume();
  const up = now();
  await eventually(() => {
    const last = calls.slice(-500);
    return last.every(({ at, result }) => at > up && /^(ok|fresh|stale|loaded)$/.test(result));
  });
  clearInterval(load);
  await Promise.all(underWay);
  lag.disable();

  const outage = between(down, up - 50);
  const isCached = ({ kind }: Call) => kind === 'cached' || kind === 'kept';
  const cached = outage.filter(isCached);
  const others = outage.filter((call) => !isCached(call));
  const opened = events.find(({ type, at }) => type === 'breaker-open' && at >= down - 500);
  const good = calls.filter(({ at, result }) => at > up && result === 'ok');
  const lastBad = calls.filter(({ at, result }) => at > up && /^P/.test(result)).at(-1);
  const retriesAt = events.filter(({ type }) => type === 'retry').map(({ at }) => at);
  const after = attempts.filter((at) => at >= up - 50);
  const slowest = Math.max(...others.map(({ millis }) => millis));
  const states = tally(cached.map(({ kind, result }) => `${kind} ${result}`));
  console.info(
    `breaker open ${Math.round((opened?.at ?? NaN) - down)} ms after the server went; ${others.length} calls failed meanwhile, the slowest in ${Math.round(slowest)} ms; ${cached.length} cached reads answered; ${triesDuring} logins tried; first answer ${Math.round((good[0]?.at ?? NaN) - up)} ms after the return, last refusal ${Math.round((lastBad?.at ?? up) - up)} ms; at most ${mostPerSecond(after)} logins and ${mostPerSecond(retriesAt)} retries in a second`,
    states,
    tally(others.map(({ kind, result }) => `${kind} ${result}`)),
  );

  // Cached reads go on, and say so.
  expect(cached.length).toBeGreaterThan(100);
  for (const { result } of cached) expect(['fresh', 'stale-on-error']).toContain(result);
  for (const kind of ['cached', 'kept']) {
    expect(states[`${kind} stale-on-error`]).toBeGreaterThan(100);
  }
  // All others fail, but for those whom the end of it meets waiting, and nobody waits beyond the deadline.
  expect(others.length).toBeGreaterThan(300);
  for (const { at, millis, result } of others) {
    if (at + millis < up) expect(result).toMatch(/^P(1001|1017|1008|2024|2028)$/);
  }
  expect(slowest).toBeLessThanOrEqual(DEADLINE_MILLIS + GRACE_MILLIS + lag.max / 1e6);
  // The breaker spares the way what the callers want of it.
  expect(opened).toBeDefined();
  expect(triesDuring).toBeLessThan(60);
  expect(healthDuring.status).toBe('fail');
  // Back, and no stampede: never more logins than the pool has places.
  expect(db.guard.breaker?.status().state).toBe('closed');
  expect(after.length).toBeLessThanOrEqual(db.stats().connections.max + 5);
  expect(mostPerSecond(retriesAt)).toBeLessThanOrEqual(200);
  expect(rejections).toEqual([]);
}, 60_000);

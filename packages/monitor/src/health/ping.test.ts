import { currentContext, RequestScope, withRequest } from '@lifeguard/pool';
import { beforeEach, expect, test } from 'vitest';
import { FakeClock } from '../testing/fake-clock.ts';
import { Ping } from './ping.ts';

let clock: FakeClock;
let asked: { resolve: () => void; reject: (error: Error) => void }[];
let ping: Ping;

beforeEach(() => {
  clock = new FakeClock();
  asked = [];
  ping = new Ping(
    () => new Promise<void>((resolve, reject) => asked.push({ resolve, reject })),
    clock,
  );
});

/** Lets what has been settled be heard. */
const heard = () => new Promise((resolve) => setImmediate(resolve));

test('one question serves all who ask at once, and its answer those who ask soon', async () => {
  const first = ping.ask(2_000);
  expect(ping.ask(2_000)).toBe(first);
  clock.advance(30);
  expect(ping.waitingMillis).toBe(30);
  asked[0]?.resolve();
  expect(await first).toEqual({ at: 30, outcome: 30 });
  expect(ping.waitingMillis).toBeUndefined();
  clock.advance(2_000);
  expect(await ping.ask(2_000)).toBe(await first);
  expect(asked).toHaveLength(1);
  clock.advance(1);
  void ping.ask(2_000);
  expect(asked).toHaveLength(2);
});

test('it tells what came instead of an answer', async () => {
  const result = ping.ask(0);
  asked[0]?.reject(new Error('gone'));
  expect((await result).outcome).toEqual(new Error('gone'));
  expect(ping.hasAnswered).toBe(false);
});

test('a pool that throws is a pool that does not answer', async () => {
  const throwing = new Ping(() => {
    throw new Error('ended');
  }, clock);
  expect((await throwing.ask(0)).outcome).toEqual(new Error('ended'));
});

test('one question at most waits in a pool that gives up no question', async () => {
  const result = ping.ask(0);
  clock.advance(5_500);
  expect((await result).outcome).toEqual(new Error('no answer within 5000 ms'));
  clock.advance(60_000);
  expect(await ping.ask(0)).toBe(await result);
  expect(asked).toHaveLength(1);
  asked[0]?.resolve();
  await heard();
  void ping.ask(0);
  expect(asked).toHaveLength(2);
});

test('it asks in its own name, not in that of the request that looks', async () => {
  const seen: unknown[] = [];
  const naming = new Ping(async () => seen.push(currentContext()), clock);
  await withRequest(new RequestScope('GET /health'), () => naming.ask(0));
  expect(seen).toEqual([{ owner: { label: 'health check' }, deadline: expect.any(Number) }]);
});

import { describe, expect, test } from 'vitest';
import type { PoolEvents } from '../core-setup.ts';
import { PoolClosedError, PoolOverloadedError, PoolTimeoutError } from '../errors/index.ts';
import { resolveOptions } from '../options/index.ts';
import type { PoolStats } from '../stats/pool-stats.ts';
import { Recorder } from '../stats/recorder.ts';
import { FakeClock } from '../testing/fake-clock.ts';
import { CheckoutRequest } from './checkout-request.ts';
import { Refusals } from './refusals.ts';
import { SLICE } from './slices.ts';

/** More than are told at once. */
const MANY = 3 * SLICE;

function setUp() {
  const clock = new FakeClock(20_000);
  const recorder = new Recorder(clock);
  const told: Error[] = [];
  let reads = 0;
  const events = { timeout: () => {}, shed: () => {} } as unknown as PoolEvents;
  const stats = (): PoolStats => {
    reads++;
    const connections = { max: 5, total: 5, idle: 0, connecting: 0, checkedOut: 5, shared: 0 };
    return recorder.snapshot(
      { connections, pending: 7, inFlight: 0, holders: [], waiting: [] },
      [],
    );
  };
  let finished = () => {};
  const allTold = new Promise<void>((resolve) => {
    finished = resolve;
  });
  const { options } = resolveOptions({}, {});
  const refusals = new Refusals({ options, clock, events, recorder, stats, finished });
  const waiting = (count: number) =>
    Array.from(
      { length: count },
      () => new CheckoutRequest(0, 1, undefined, (error) => told.push(error as Error)),
    );
  return { refusals, waiting, told, allTold, recorder, reads: () => reads };
}

/** Nobody meets what another caller does to the error. */
function expectOwn(errors: readonly Error[]): void {
  expect(new Set(errors).size).toBe(errors.length);
}

describe('very many refusals', () => {
  test('of those who waited too long come in slices, with the same figures and words', async () => {
    const { refusals, waiting, told, allTold, recorder, reads } = setUp();
    refusals.late(waiting(MANY));
    expect(told).toHaveLength(SLICE);
    expect(refusals.length).toBe(MANY - SLICE);
    expect(recorder.counts.timeouts).toBe(MANY);
    await allTold;
    expect(told).toHaveLength(MANY);
    expect(refusals.length).toBe(0);
    expectOwn(told);
    expect(reads()).toBe(1);
    const errors = told as PoolTimeoutError[];
    expect(new Set(errors.map(({ stats }) => stats)).size).toBe(1);
    expect(errors[0]).toBeInstanceOf(PoolTimeoutError);
    expect(errors[0]?.stats?.pending).toBe(7 + MANY);
    expect(new Set(errors.map(({ message }) => message)).size).toBe(1);
    expect(errors[0]?.message).toContain(`${7 + MANY} requests were waiting`);
  });

  test.each([
    ['of the server', Object.assign(new Error('no such database'), { code: '3D000' }), '3D000'],
    ['of a mute server', new Error('timeout expired'), 'LIFEGUARD_CONNECT_TIMEOUT'],
  ])('%s come in slices, an error for each', async (_, error, code) => {
    const { refusals, waiting, told, allTold } = setUp();
    refusals.unreachable(waiting(MANY), { error, server: 'db:5432', since: 0 });
    expect(told).toHaveLength(SLICE);
    await allTold;
    expect(told).toHaveLength(MANY);
    expectOwn(told);
    expect(new Set(told.map((one) => Reflect.get(one, 'code')))).toEqual(new Set([code]));
  });

  test('the first of those whom the server wants not has the very error of the login', () => {
    const { refusals, waiting, told } = setUp();
    const error = Object.assign(new Error('no such database'), { code: '3D000' });
    refusals.unreachable(waiting(2), { error, server: 'db:5432', since: 0 });
    expect(told[0]).toBe(error);
    expect(told[1]).not.toBe(error);
    expect(told[1]).toMatchObject({ message: error.message, code: '3D000' });
  });

  test('of a pool that was ended come in slices', async () => {
    const { refusals, waiting, told, allTold } = setUp();
    refusals.closed(waiting(MANY));
    await allTold;
    expectOwn(told);
    expect(told.every((error) => error instanceof PoolClosedError)).toBe(true);
  });

  test('of those who would wait in vain come in slices, with the figures of this moment', async () => {
    const { refusals, waiting, told, allTold, recorder, reads } = setUp();
    refusals.inVain(waiting(MANY));
    refusals.inVain(waiting(1));
    expect(told).toHaveLength(0);
    expect(recorder.counts.shed).toBe(MANY + 1);
    await allTold;
    expect(told).toHaveLength(MANY + 1);
    expectOwn(told);
    expect(reads()).toBe(1);
    expect(told.every((error) => error instanceof PoolOverloadedError)).toBe(true);
    expect(new Set(told.map(({ message }) => message)).size).toBe(1);
  });
});

import { AsyncLocalStorage } from 'node:async_hooks';
import { describe, expect, test, vi } from 'vitest';
import { diagnose } from '../diagnose/diagnose.ts';
import { FakeClock } from '../testing/fake-clock.ts';
import { letPass, settle } from '../testing/let-pass.ts';
import { type Carry, type DeadlineOptions, deadline, remainingMillis } from './deadline.ts';
import { DeadlineError } from './deadline-error.ts';

const NEVER = () => new Promise<never>(() => {});

function setUp() {
  const clock = new FakeClock(1_000);
  const told: unknown[] = [];
  const within = <T>(millis: number, fn: () => PromiseLike<T>, options: DeadlineOptions = {}) =>
    deadline(millis, fn, { clock, ...options });
  const watch = (promise: Promise<unknown>) =>
    promise.then(
      (value) => told.push(value),
      (error) => told.push(error),
    );
  return { clock, told, within, watch };
}

describe('deadline', () => {
  test('passes on what fn brings in time, and leaves no timer', async () => {
    const { clock, within } = setUp();
    await expect(within(100, async () => 'answer')).resolves.toBe('answer');
    const error = new Error('its own');
    await expect(within(100, () => Promise.reject(error))).rejects.toBe(error);
    await expect(
      within(100, () => {
        throw error;
      }),
    ).rejects.toBe(error);
    expect(clock.timers).toBe(0);
  });

  test('answers at the deadline, not before: the outcome is not known', async () => {
    const { clock, told, within, watch } = setUp();
    watch(within(100, NEVER));
    await letPass(clock, 99);
    expect(told).toEqual([]);
    await letPass(clock, 1);
    expect(told).toEqual([expect.any(DeadlineError)]);
    expect(told[0]).toMatchObject({
      name: 'DeadlineError',
      code: 'LIFEGUARD_DEADLINE',
      outcome: 'unknown',
      millis: 100,
      message: expect.stringContaining('no answer within 100 ms'),
    });
  });

  test('drops what comes late, also an error', async () => {
    const { clock, told, within, watch } = setUp();
    let fail: (error: Error) => void = () => {};
    watch(within(100, () => new Promise((_, reject) => (fail = reject))));
    await letPass(clock, 100);
    fail(new Error('late'));
    await settle();
    expect(told).toEqual([expect.any(DeadlineError)]);
  });

  test('does not begin what has no time left', async () => {
    const { within } = setUp();
    const fn = vi.fn(NEVER);
    await expect(within(0, fn)).rejects.toMatchObject({ outcome: 'not-sent' });
    expect(fn).not.toHaveBeenCalled();
  });

  test('refuses a time that is none', async () => {
    const { within } = setUp();
    await expect(within(Number.NaN, NEVER)).rejects.toThrow(RangeError);
    await expect(within(-1, NEVER)).rejects.toThrow(RangeError);
  });

  test.each([
    ['the inner', 500, 200],
    ['the outer', 200, 500],
  ])('of two, %s holds when it is earlier', async (_, outer, inner) => {
    const { clock, told, within, watch } = setUp();
    const seen: number[] = [];
    watch(
      within(outer, () => {
        const both = within(inner, () => {
          seen.push(remainingMillis());
          return NEVER();
        });
        watch(both);
        return both;
      }),
    );
    await letPass(clock, 200);
    expect(seen).toEqual([200]);
    expect(told).toEqual([expect.any(DeadlineError), expect.any(DeadlineError)]);
  });

  test('says how much time is left, through awaits, and Infinity outside', async () => {
    const { clock, within } = setUp();
    expect(remainingMillis()).toBe(Infinity);
    const seen: number[] = [];
    const run = within(100, async () => {
      seen.push(remainingMillis());
      await new Promise<void>((resolve) => clock.after(30, resolve));
      seen.push(remainingMillis());
    });
    await letPass(clock, 30);
    await run;
    expect(seen).toEqual([100, 70]);
    expect(remainingMillis()).toBe(Infinity);
  });

  test('what goes on after its end has no time left', async () => {
    const { clock, within, watch } = setUp();
    let seen = -1;
    watch(
      within(100, async () => {
        await new Promise<void>((resolve) => clock.after(150, resolve));
        seen = remainingMillis();
      }),
    );
    await letPass(clock, 150);
    expect(seen).toBe(0);
  });

  test('a lazy promise begins within it', async () => {
    const { within } = setUp();
    let seen = 0;
    // As Prisma's: nothing happens until then() is called.
    const lazy = () =>
      ({
        // biome-ignore lint/suspicious/noThenProperty: that is what makes it lazy
        then(resolve: (value: string) => void) {
          seen = remainingMillis();
          resolve('answer');
        },
      }) as PromiseLike<string>;
    await expect(within(100, lazy)).resolves.toBe('answer');
    expect(seen).toBe(100);
  });
});

describe('carry', () => {
  const storage = new AsyncLocalStorage<number>();
  const carry: Carry = (millis, run) => storage.run(millis, run);

  test('tells another layer how long there is, around fn', async () => {
    const { within } = setUp();
    await within(
      300,
      () =>
        within(
          1_000,
          async () => {
            expect(storage.getStore()).toBe(300);
          },
          { carry },
        ),
      { carry },
    );
    expect(storage.getStore()).toBeUndefined();
    expect.assertions(2);
  });

  test('a lazy promise begins within that layer too', async () => {
    const { within } = setUp();
    const lazy = () =>
      ({
        // biome-ignore lint/suspicious/noThenProperty: that is what makes it lazy
        then: (resolve: (value: unknown) => void) => resolve(storage.getStore()),
      }) as PromiseLike<unknown>;
    await expect(within(100, lazy, { carry })).resolves.toBe(100);
  });

  test('that layer may answer a little later: it knows more', async () => {
    const { clock, told, within, watch } = setUp();
    const own = Object.assign(new Error('waited in vain'), { outcome: 'not-sent' });
    const fails = () => new Promise<never>((_, reject) => clock.after(125, () => reject(own)));
    watch(within(100, fails, { carry }));
    watch(within(100, fails, { carry, graceMillis: 10 }));
    await letPass(clock, 125);
    expect(told).toEqual([expect.any(DeadlineError), own]);
  });

  test('but is not waited for longer than that', async () => {
    const { clock, told, within, watch } = setUp();
    watch(within(100, NEVER, { carry }));
    await letPass(clock, 174);
    expect(told).toEqual([]);
    await letPass(clock, 1);
    expect(told).toEqual([expect.any(DeadlineError)]);
  });
});

test('onDeadline hears of its own deadline only', async () => {
  const { clock, within, watch } = setUp();
  const [inner, outer] = [vi.fn(), vi.fn()];
  watch(within(500, () => within(100, NEVER, { onDeadline: inner }), { onDeadline: outer }));
  await letPass(clock, 1_000);
  expect(inner).toHaveBeenCalledTimes(1);
  expect(outer).not.toHaveBeenCalled();
});

test('the diagnosis says what it means', () => {
  const late = diagnose(new DeadlineError(100, 'unknown'));
  expect(late).toMatchObject({ kind: 'statement-timeout', outcome: 'unknown', transient: false });
  expect(diagnose(new DeadlineError(0, 'not-sent'))).toMatchObject({ outcome: 'not-sent' });
});

test('without a clock it is the real time', async () => {
  await expect(deadline(1, NEVER)).rejects.toThrow(DeadlineError);
  await expect(deadline(2 ** 40, async () => 1)).resolves.toBe(1);
});

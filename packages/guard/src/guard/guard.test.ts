import { AsyncLocalStorage } from 'node:async_hooks';
import { describe, expect, test, vi } from 'vitest';
import { BreakerOpenError } from '../breaker/breaker-open-error.ts';
import type { Carry } from '../deadline/deadline.ts';
import { DeadlineError } from '../deadline/deadline-error.ts';
import { RetryBudget } from '../retry/retry-budget.ts';
import { connectionLost, connectionRefused, uniqueViolation } from '../testing/failures.ts';
import { FakeClock } from '../testing/fake-clock.ts';
import { letPass } from '../testing/let-pass.ts';
import { createGuard } from './guard.ts';
import type { GuardEvent } from './guard-events.ts';
import type { GuardOptions, RunOptions } from './guard-options.ts';

const NEVER = () => new Promise<never>(() => {});

function setUp(options: GuardOptions = {}) {
  const clock = new FakeClock();
  const events: GuardEvent[] = [];
  const onEvent = (event: GuardEvent) => events.push(event);
  const guard = createGuard({ clock, random: () => 1, onEvent, ...options });
  /** What the caller gets, with all the time that it needs. */
  const run = async (fn: () => Promise<unknown>, options: Partial<RunOptions<unknown>> = {}) => {
    const promise = guard.run(fn, { kind: 'read', ...options });
    const told = promise.catch((error) => error);
    await letPass(clock, 10_000);
    return told;
  };
  /** A database that can't be reached, with how often that was tried. */
  const away = vi.fn(() => Promise.reject<unknown>(connectionRefused()));
  return { clock, events, guard, run, away, types: () => events.map(({ type }) => type) };
}

describe('a guard', () => {
  test('adds nothing to what succeeds', async () => {
    const { run, events } = setUp();
    expect(await run(async () => 'answer')).toBe('answer');
    expect(events).toEqual([]);
  });

  test('tries again, and says so with the label', async () => {
    const { run, events } = setUp();
    const fn = vi.fn(async () => 'answer').mockRejectedValueOnce(connectionLost());
    expect(await run(fn, { label: 'Product.findMany' })).toBe('answer');
    expect(events).toMatchObject([
      { type: 'retry', label: 'Product.findMany', attempt: 1, delayMillis: 50 },
    ]);
  });

  test('knows reads from writes, and believes that a write is idempotent', async () => {
    const { run } = setUp();
    const times = async (options: Partial<RunOptions<unknown>>) => {
      const fn = vi.fn(() => Promise.reject(connectionLost()));
      await run(fn, options);
      return fn.mock.calls.length;
    };
    expect(await times({ kind: 'read' })).toBe(3);
    expect(await times({ kind: 'write' })).toBe(1);
    const { run: again } = setUp();
    const fn = vi.fn(async () => 'answer').mockRejectedValueOnce(connectionLost());
    expect(await again(fn, { kind: 'write', idempotent: true })).toBe('answer');
  });

  test('one operation may have more attempts than others, or fewer', async () => {
    const { run, away } = setUp({ breaker: false });
    await run(away, { attempts: 5 });
    expect(away).toHaveBeenCalledTimes(5);
    await run(away, { attempts: 1 });
    expect(away).toHaveBeenCalledTimes(6);
    await run(away);
    expect(away).toHaveBeenCalledTimes(9);
  });

  test('its events name no statement, no parameter and no text of an error', async () => {
    const { run, events } = setUp({ deadline: { millis: 500 } });
    const error = Object.assign(connectionRefused(), { message: 'ECONNREFUSED for card 4111' });
    for (let i = 0; i < 4; i++) {
      await run(() => Promise.reject(error), { fallback: () => 'stale' });
    }
    expect(events.length).toBeGreaterThan(4);
    expect(JSON.stringify(events)).not.toContain('4111');
  });

  test('the breaker sees each attempt, and ends them when it opens', async () => {
    const { run, away, events, types } = setUp({
      retry: { attempts: 99, maxMillis: 100 },
      breaker: { openMillis: 250 },
    });
    expect(await run(away)).toBeInstanceOf(BreakerOpenError);
    expect(away).toHaveBeenCalledTimes(5);
    expect(types()).toEqual([
      ...['retry', 'retry', 'retry', 'retry'],
      ...['breaker-open', 'retry', 'refused', 'give-up'],
    ]);
    expect(events.at(-1)).toMatchObject({ attempt: 6, reason: 'breaker-open' });
  });

  test('what the breaker refuses is not tried again', async () => {
    const { guard, clock, away, events } = setUp({ retry: false });
    for (let i = 0; i < 5; i++) {
      clock.advance(30);
      await guard.run(away, { kind: 'read' }).catch(() => {});
    }
    events.length = 0;
    await expect(guard.run(away, { kind: 'read', label: 'a' })).rejects.toThrow(BreakerOpenError);
    expect(away).toHaveBeenCalledTimes(5);
    expect(events).toEqual([{ type: 'refused', label: 'a', state: 'open', retryAfterMillis: 100 }]);
  });

  test('one deadline for all attempts', async () => {
    const { run, away, events } = setUp({
      breaker: false,
      retry: { attempts: 99 },
      deadline: { millis: 400 },
    });
    // 0, 50, 150, 350 ms; the next one would be at 750.
    expect(await run(away)).toMatchObject({ code: 'ECONNREFUSED' });
    expect(away).toHaveBeenCalledTimes(4);
    expect(events.at(-1)).toMatchObject({ type: 'give-up', reason: 'deadline' });
  });

  test('what hangs is told at the deadline', async () => {
    const { run, events } = setUp({ deadline: { millis: 400 } });
    expect(await run(NEVER, { label: 'report' })).toBeInstanceOf(DeadlineError);
    expect(events).toEqual([
      { type: 'deadline', label: 'report', millis: 400, outcome: 'unknown' },
    ]);
    expect(await run(NEVER, { deadlineMillis: 7 })).toMatchObject({ millis: 7 });
  });

  test('carries the deadline to another layer', async () => {
    const storage = new AsyncLocalStorage<number>();
    const carry: Carry = (millis, run) => storage.run(millis, run);
    const { run } = setUp({ deadline: { millis: 400, carry } });
    expect(await run(async () => storage.getStore())).toBe(400);
    expect(await run(async () => storage.getStore(), { deadlineMillis: Infinity })).toBeUndefined();
  });

  test('the fallback answers after the deadline, and when the breaker refuses', async () => {
    const { run, guard, clock, away, events } = setUp({ deadline: { millis: 400 }, retry: false });
    const stale = { fallback: () => 'stale', label: 'home' };
    expect(await run(NEVER, stale)).toBe('stale');
    for (let i = 0; i < 5; i++) {
      clock.advance(30);
      await guard.run(away, { kind: 'read' }).catch(() => {});
    }
    events.length = 0;
    expect(await guard.run(away, { kind: 'read', ...stale })).toBe('stale');
    expect(away).toHaveBeenCalledTimes(5);
    expect(events).toMatchObject([
      { type: 'refused', label: 'home' },
      { type: 'fallback', label: 'home', succeeded: true },
    ]);
  });

  test('the fallback is for when the database cannot answer, unless told otherwise', async () => {
    const { run } = setUp();
    const error = uniqueViolation();
    const fails = () => Promise.reject(error);
    expect(await run(fails, { fallback: () => 'stale' })).toBe(error);
    const options = { fallback: () => 'stale', fallbackWhen: () => true };
    expect(await run(fails, options)).toBe('stale');
  });

  test('all its callers share one budget', async () => {
    const { run, away, types } = setUp({
      breaker: false,
      retry: { budget: { capacity: 3, ratio: 0, perSecond: 0 } },
    });
    await run(away);
    await run(away);
    await run(away);
    expect(away).toHaveBeenCalledTimes(6);
    expect(types()).toEqual([
      ...['retry', 'retry', 'give-up'],
      ...['retry', 'budget-exhausted'],
      'budget-exhausted',
    ]);
  });

  test('and guards of one server may share it too', () => {
    const budget = new RetryBudget();
    const guards = [createGuard({ retry: { budget } }), createGuard({ retry: { budget } })];
    expect(guards.map((guard) => guard.budget)).toEqual([budget, budget]);
    expect(createGuard().budget).not.toBe(budget);
  });

  test('each part can be switched off', async () => {
    const { run, away, guard } = setUp({ breaker: false, retry: false });
    expect(guard.breaker).toBeUndefined();
    for (let i = 0; i < 50; i++) await run(away);
    expect(away).toHaveBeenCalledTimes(50);
  });

  test('a listener may leave, and what it throws is not the caller’s trouble', async () => {
    const { guard, run, events } = setUp();
    const warn = vi.spyOn(process, 'emitWarning').mockReturnValue();
    const [broken, other] = [
      vi.fn(() => {
        throw new Error('a bug in the logger');
      }),
      vi.fn(),
    ];
    guard.subscribe(broken);
    const leave = guard.subscribe(other);
    const fails = () => vi.fn(async () => 'answer').mockRejectedValueOnce(connectionLost());
    expect(await run(fails())).toBe('answer');
    leave();
    expect(await run(fails())).toBe('answer');
    expect(broken).toHaveBeenCalledTimes(2);
    expect(other).toHaveBeenCalledTimes(1);
    expect(events).toHaveLength(2);
    expect(warn).toHaveBeenCalledTimes(2);
    warn.mockRestore();
  });

  test('a lazy promise is begun anew by each attempt', async () => {
    const { guard, clock } = setUp();
    let begun = 0;
    const begin = async () => {
      if (++begun === 1) throw connectionLost();
      return 'answer';
    };
    // biome-ignore lint/suspicious/noThenProperty: as Prisma's, nothing happens before
    const lazy = () => ({ then: (...handlers) => begin().then(...handlers) }) as Promise<string>;
    const told = guard.run(lazy, { kind: 'read' });
    await letPass(clock, 100);
    expect(await told).toBe('answer');
    expect(begun).toBe(2);
  });

  test.each<GuardOptions>([
    { deadline: { millis: -1 } },
    { breaker: { probes: 0 } },
    { retry: { attempts: 0 } },
    { retry: { budget: { ratio: 7 } } },
  ])('refuses %o when it is made', (options) => {
    expect(() => createGuard(options)).toThrow(RangeError);
  });
});

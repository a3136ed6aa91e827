import { describe, expect, test, vi } from 'vitest';
import { BreakerOpenError } from '../breaker/breaker-open-error.ts';
import { deadline } from '../deadline/deadline.ts';
import type { Diagnosis } from '../diagnose/types.ts';
import {
  bug,
  connectionLost,
  connectionRefused,
  poolTimeout,
  uniqueViolation,
  writeConflict,
} from '../testing/failures.ts';
import { FakeClock } from '../testing/fake-clock.ts';
import { letPass } from '../testing/let-pass.ts';
import { type RetryOptions, retry } from './retry.ts';
import { RetryBudget, type RetryBudgetOptions } from './retry-budget.ts';
import type { RetryDecision } from './retry-decision.ts';

const refusedByBreaker = () =>
  new BreakerOpenError({
    state: 'open',
    since: new Date(),
    reason: 'a probe failed',
    retryAfterMillis: 100,
  });

function setUp(budgetOptions: RetryBudgetOptions = {}) {
  const clock = new FakeClock();
  const budget = new RetryBudget(budgetOptions, clock);
  const decisions: RetryDecision[] = [];
  const at: number[] = [];

  /** Fails with each of the errors in turn, then answers. */
  const run = (errors: readonly Error[], options: Partial<RetryOptions> = {}) => {
    const left = [...errors];
    const fn = async () => {
      at.push(clock.now());
      const error = left.shift();
      if (error) throw error;
      return 'answer';
    };
    const base = { kind: 'read', budget, clock, random: () => 1 } as const;
    const onDecision = (decision: RetryDecision) => decisions.push(decision);
    const promise = retry(fn, { ...base, onDecision, ...options });
    promise.catch(() => {});
    return promise;
  };
  /** As run(), with all the time that it needs. */
  const outcome = async (errors: readonly Error[], options: Partial<RetryOptions> = {}) => {
    const promise = run(errors, options);
    await letPass(clock, 60_000);
    return promise.catch((error) => error);
  };
  return { clock, budget, decisions, at, run, outcome };
}

const summary = (decisions: readonly RetryDecision[]) =>
  decisions.map((d) => (d.type === 'give-up' ? d.reason : d.type));

describe('what is repeated', () => {
  test('nothing that succeeds', async () => {
    const { at, decisions, outcome } = setUp();
    expect(await outcome([])).toBe('answer');
    expect(at).toHaveLength(1);
    expect(decisions).toEqual([]);
  });

  test('a read whose connection was lost', async () => {
    const { at, decisions, outcome } = setUp();
    expect(await outcome([connectionLost(), connectionRefused()])).toBe('answer');
    expect(at).toHaveLength(3);
    expect(decisions).toEqual([
      {
        type: 'retry',
        attempt: 1,
        delayMillis: 50,
        finding: expect.objectContaining({ kind: 'stale-connection', outcome: 'unknown' }),
      },
      {
        type: 'retry',
        attempt: 2,
        delayMillis: 100,
        finding: expect.objectContaining({ kind: 'unreachable', code: 'ECONNREFUSED' }),
      },
    ]);
  });

  test('a write that was not sent', async () => {
    const { outcome } = setUp();
    expect(await outcome([poolTimeout()], { kind: 'write' })).toBe('answer');
  });

  test('never a write that may have run, unless twice is harmless', async () => {
    const { at, decisions, outcome } = setUp();
    const lost = connectionLost();
    expect(await outcome([lost], { kind: 'write' })).toBe(lost);
    expect(at).toHaveLength(1);
    expect(decisions).toEqual([
      { type: 'give-up', attempt: 1, reason: 'may-have-run', finding: expect.anything() },
    ]);
    expect(await outcome([lost], { kind: 'write', idempotent: true })).toBe('answer');
  });

  test('a whole transaction that collided, but no single write', async () => {
    const { outcome } = setUp();
    const conflict = writeConflict();
    expect(await outcome([conflict], { kind: 'transaction' })).toBe('answer');
    expect(await outcome([conflict], { kind: 'write' })).toBe(conflict);
  });

  test.each([uniqueViolation(), bug()])('never an error of the application: %s', async (error) => {
    const { at, decisions, outcome } = setUp();
    expect(await outcome([error], { idempotent: true })).toBe(error);
    expect(at).toHaveLength(1);
    expect(decisions).toEqual([]);
  });

  test('what an operation was may be told when it has failed', async () => {
    const { at, outcome } = setUp();
    const seen: string[] = [];
    const kind = ({ kind }: Diagnosis) => {
      seen.push(kind);
      return seen.length === 1 ? ('read' as const) : ('once' as const);
    };
    const second = connectionRefused();
    expect(await outcome([connectionLost(), second], { kind })).toBe(second);
    expect(at).toHaveLength(2);
    expect(seen).toEqual(['stale-connection', 'unreachable']);
  });

  test('nor what fn throws before it returns a promise', async () => {
    const { budget } = setUp();
    const error = bug();
    const fails = () => {
      throw error;
    };
    await expect(retry(fails, { kind: 'read', budget })).rejects.toBe(error);
  });
});

describe('how often, and when', () => {
  test('three attempts, with growing pauses', async () => {
    const { at, decisions, outcome } = setUp();
    const errors = Array.from({ length: 9 }, connectionRefused);
    expect(await outcome(errors)).toBe(errors[2]);
    expect(at).toEqual([0, 50, 150]);
    expect(summary(decisions)).toEqual(['retry', 'retry', 'attempts']);
  });

  test('pauses are of any length up to the bound', async () => {
    const { at, outcome } = setUp();
    const errors = Array.from({ length: 9 }, connectionRefused);
    await outcome(errors, { attempts: 4, baseMillis: 100, maxMillis: 150, random: () => 0.5 });
    expect(at).toEqual([0, 50, 125, 200]);
  });

  test('no retry whose pause would end after the deadline', async () => {
    const { clock, at, decisions, run } = setUp();
    const errors = Array.from({ length: 9 }, connectionRefused);
    const options = { attempts: 9, baseMillis: 100 };
    const told = deadline(500, () => run(errors, options), { clock }).catch((error) => error);
    // 0, 100 and 300 ms; the next would be at 700.
    await letPass(clock, 300);
    expect(await told).toBe(errors[2]);
    expect(at).toEqual([0, 100, 300]);
    expect(summary(decisions)).toEqual(['retry', 'retry', 'deadline']);
    await letPass(clock, 10_000);
    expect(at).toHaveLength(3);
  });

  test('nor one at the very deadline', async () => {
    const { clock, at, run } = setUp();
    const told = deadline(50, () => run([connectionRefused()]), { clock }).catch((error) => error);
    expect(await told).toMatchObject({ code: 'ECONNREFUSED' });
    expect(at).toHaveLength(1);
  });

  test('a process that stood still begins no attempt after its deadline', async () => {
    const { clock, at, decisions, run } = setUp();
    const told = deadline(1_000, () => run([connectionRefused()]), { clock, graceMillis: 9_000 });
    told.catch(() => {});
    await letPass(clock, 10);
    clock.pause(5_000);
    await expect(told).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    expect(at).toHaveLength(1);
    expect(summary(decisions)).toEqual(['retry', 'deadline']);
  });

  test.each([{ attempts: 0 }, { attempts: 1.5 }, { baseMillis: -1 }, { maxMillis: Number.NaN }])(
    'refuses %o',
    async (options) => {
      const { outcome } = setUp();
      expect(await outcome([], options)).toBeInstanceOf(RangeError);
    },
  );
});

describe('the budget', () => {
  test('ends retries when it is spent, for all its callers together', async () => {
    const { at, decisions, outcome } = setUp({ capacity: 2, ratio: 0, perSecond: 0 });
    const errors = Array.from({ length: 9 }, connectionRefused);
    expect(await outcome(errors)).toBe(errors[2]);
    expect(await outcome(errors)).toBe(errors[0]);
    expect(at).toHaveLength(4);
    expect(summary(decisions)).toEqual(['retry', 'retry', 'attempts', 'budget-exhausted']);
  });

  test('an outage makes a fifth more load, not three times as much', async () => {
    const { at, outcome } = setUp({ capacity: 1, perSecond: 0 });
    for (let call = 0; call < 100; call++)
      await outcome(Array.from({ length: 9 }, connectionRefused));
    expect(at.length).toBeGreaterThanOrEqual(119);
    expect(at.length).toBeLessThanOrEqual(121);
  });

  test('grows by calls, not by retries, nor by what the breaker refuses', async () => {
    const { budget, outcome } = setUp({ capacity: 10, perSecond: 0, ratio: 1 });
    while (budget.withdraw());
    await outcome([]);
    await outcome([uniqueViolation()]);
    expect(budget.balance).toBe(2);
    await outcome([refusedByBreaker()]);
    expect(budget.balance).toBe(2);
    await outcome([connectionRefused()]);
    expect(budget.balance).toBe(2);
  });
});

describe('the breaker', () => {
  test('is not asked again when it refuses', async () => {
    const { at, decisions, outcome } = setUp();
    const refused = refusedByBreaker();
    expect(await outcome([refused])).toBe(refused);
    expect(at).toHaveLength(1);
    expect(decisions).toEqual([]);
  });

  test('that opens between two attempts ends them', async () => {
    const { decisions, outcome } = setUp();
    const refused = refusedByBreaker();
    expect(await outcome([connectionRefused(), refused], { kind: 'write' })).toBe(refused);
    expect(summary(decisions)).toEqual(['retry', 'breaker-open']);
  });
});

describe('what the caller is told', () => {
  const twice = { kind: 'write', idempotent: true } as const;

  test('that a write may have run, though the last attempt was not sent', async () => {
    const { outcome } = setUp();
    const lost = connectionLost();
    expect(await outcome([lost, refusedByBreaker()], twice)).toBe(lost);
    expect(await outcome([lost, poolTimeout(), poolTimeout()], twice)).toBe(lost);
    expect(await outcome([lost, writeConflict(), writeConflict()], twice)).toBe(lost);
  });

  test('the latest of several such errors', async () => {
    const { outcome } = setUp();
    const errors = [connectionLost(), connectionLost(), poolTimeout()];
    expect(await outcome(errors, twice)).toBe(errors[1]);
  });

  test("the server's word on the data, which is about all attempts together", async () => {
    const { outcome } = setUp();
    const violation = uniqueViolation();
    expect(await outcome([connectionLost(), violation], twice)).toBe(violation);
  });

  test('of a read, what happened last', async () => {
    const { outcome } = setUp();
    const errors = [connectionLost(), connectionLost(), connectionRefused()];
    expect(await outcome(errors)).toBe(errors[2]);
  });
});

describe('the signal', () => {
  test('ends a pause at once, and leaves nothing behind', async () => {
    const { clock, at, decisions, run } = setUp();
    const abort = new AbortController();
    const told = run([connectionRefused()], { signal: abort.signal, baseMillis: 10_000 });
    await letPass(clock, 10);
    const reason = new Error('the client went away');
    abort.abort(reason);
    await expect(told).rejects.toBe(reason);
    expect(clock.timers).toBe(0);
    expect(at).toHaveLength(1);
    expect(summary(decisions)).toEqual(['retry', 'aborted']);
  });

  test('does not hide that a write may have run', async () => {
    const { clock, run } = setUp();
    const abort = new AbortController();
    const lost = connectionLost();
    const told = run([lost], { signal: abort.signal, kind: 'write', idempotent: true });
    await letPass(clock, 10);
    abort.abort();
    await expect(told).rejects.toBe(lost);
  });

  test('given before: fn is not called', async () => {
    const { at, outcome } = setUp();
    expect(await outcome([], { signal: AbortSignal.abort('gone') })).toBe('gone');
    expect(at).toEqual([]);
  });

  test('has no listener left after a retry', async () => {
    const { outcome } = setUp();
    const { signal } = new AbortController();
    const [added, removed] = [
      vi.spyOn(signal, 'addEventListener'),
      vi.spyOn(signal, 'removeEventListener'),
    ];
    await outcome([connectionRefused()], { signal });
    expect(added).toHaveBeenCalledTimes(1);
    expect(removed.mock.calls[0]?.[1]).toBe(added.mock.calls[0]?.[1]);
  });
});

test('a listener that throws is a warning, and not the trouble of the caller', async () => {
  const { outcome } = setUp();
  const warn = vi.spyOn(process, 'emitWarning').mockReturnValue();
  const error = new Error('a bug in the logger');
  const onDecision = () => {
    throw error;
  };
  expect(await outcome([connectionRefused()], { onDecision })).toBe('answer');
  expect(warn).toHaveBeenCalledWith(error);
  warn.mockRestore();
});

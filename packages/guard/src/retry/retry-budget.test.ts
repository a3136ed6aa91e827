import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { FakeClock } from '../testing/fake-clock.ts';
import { RetryBudget } from './retry-budget.ts';

const withdrawAll = (budget: RetryBudget) => {
  let count = 0;
  while (budget.withdraw()) count++;
  return count;
};

describe('RetryBudget', () => {
  test('allows its capacity at once, then a fifth of the calls', () => {
    const budget = new RetryBudget({ perSecond: 0 }, new FakeClock());
    expect(withdrawAll(budget)).toBe(100);
    for (let call = 0; call < 50; call++) budget.deposit();
    // 50 times a fifth, as binary fractions add up, is a little less than 10.
    expect([9, 10]).toContain(withdrawAll(budget));
  });

  test('lets a caller with little traffic retry once a second', () => {
    const clock = new FakeClock();
    const budget = new RetryBudget({ ratio: 0 }, clock);
    withdrawAll(budget);
    clock.advance(999);
    expect(budget.withdraw()).toBe(false);
    clock.advance(1);
    expect(budget.withdraw()).toBe(true);
    expect(budget.balance).toBe(0);
  });

  test('saves up no more than its capacity', () => {
    const clock = new FakeClock();
    const budget = new RetryBudget({ capacity: 3 }, clock);
    clock.advance(3_600_000);
    for (let call = 0; call < 1_000; call++) budget.deposit();
    expect(budget.balance).toBe(3);
    expect(withdrawAll(budget)).toBe(3);
  });

  test('over any time, retries are at most what capacity, calls and seconds allow', () => {
    const step = fc.oneof(
      { weight: 3, arbitrary: fc.constant('call' as const) },
      { weight: 4, arbitrary: fc.constant('retry' as const) },
      { weight: 1, arbitrary: fc.integer({ min: 0, max: 3_000 }) },
    );
    const options = fc.record({
      ratio: fc.double({ min: 0, max: 1, noNaN: true }),
      perSecond: fc.double({ min: 0, max: 5, noNaN: true }),
      capacity: fc.integer({ min: 1, max: 20 }),
    });
    fc.assert(
      fc.property(options, fc.array(step, { maxLength: 300 }), (options, steps) => {
        const clock = new FakeClock();
        const budget = new RetryBudget(options, clock);
        const history = [{ at: 0, calls: 0, retries: 0 }];
        let [calls, retries] = [0, 0];
        for (const step of steps) {
          if (step === 'call') {
            budget.deposit();
            calls++;
          } else if (step === 'retry') retries += budget.withdraw() ? 1 : 0;
          else clock.advance(step);
          const now = { at: clock.now(), calls, retries };
          for (const then of history) {
            const allowed =
              options.capacity +
              options.ratio * (now.calls - then.calls) +
              (options.perSecond * (now.at - then.at)) / 1_000;
            expect(now.retries - then.retries).toBeLessThanOrEqual(allowed + 1e-6);
          }
          history.push(now);
        }
      }),
      { numRuns: 50 },
    );
  });

  test.each([{ ratio: 2 }, { ratio: -0.1 }, { perSecond: Number.NaN }, { capacity: 0 }])(
    'refuses %o',
    (options) => {
      expect(() => new RetryBudget(options)).toThrow(RangeError);
    },
  );
});

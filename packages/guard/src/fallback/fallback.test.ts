import { describe, expect, test, vi } from 'vitest';
import { BreakerOpenError } from '../breaker/breaker-open-error.ts';
import { DeadlineError } from '../deadline/deadline-error.ts';
import { diagnose } from '../diagnose/diagnose.ts';
import {
  bug,
  connectionLost,
  connectionRefused,
  poolTimeout,
  uniqueViolation,
} from '../testing/failures.ts';
import { cannotAnswer, type FallbackEvent, fallback } from './fallback.ts';

const failing = (error: unknown) => () => Promise.reject<string>(error);
const refused = new BreakerOpenError({
  state: 'open',
  since: new Date(),
  reason: 'a probe failed',
  retryAfterMillis: 1,
});

describe('fallback', () => {
  test('is not asked when there is an answer', async () => {
    const other = vi.fn(() => 'stale');
    await expect(fallback(async () => 'answer', other)).resolves.toBe('answer');
    expect(other).not.toHaveBeenCalled();
  });

  test('answers when the database cannot, and knows why', async () => {
    const error = connectionRefused();
    const other = vi.fn(async () => 'stale');
    const events: FallbackEvent[] = [];
    const onFallback = (event: FallbackEvent) => events.push(event);
    await expect(fallback(failing(error), other, { onFallback })).resolves.toBe('stale');
    expect(other).toHaveBeenCalledWith(error);
    const finding = expect.objectContaining({ kind: 'unreachable' });
    expect(events).toEqual([{ type: 'fallback', finding, succeeded: true }]);
  });

  test('an error of the application is the answer', async () => {
    const other = vi.fn(() => 'stale');
    const error = uniqueViolation();
    await expect(fallback(failing(error), other)).rejects.toBe(error);
    expect(other).not.toHaveBeenCalled();
  });

  test('when it fails too, the first error explains both', async () => {
    const error = connectionRefused();
    const events: FallbackEvent[] = [];
    const onFallback = (event: FallbackEvent) => events.push(event);
    const empty = () => {
      throw new Error('nothing in the cache');
    };
    await expect(fallback(failing(error), empty, { onFallback })).rejects.toBe(error);
    expect(events).toMatchObject([{ succeeded: false }]);
  });

  test('the caller may say when', async () => {
    const when = vi.fn(() => true);
    const error = bug();
    await expect(fallback(failing(error), () => 'stale', { when })).resolves.toBe('stale');
    expect(when).toHaveBeenCalledWith(expect.objectContaining({ kind: 'unknown' }), error);
  });
});

test.each<[boolean, unknown]>([
  [true, connectionLost()],
  [true, connectionRefused()],
  [true, poolTimeout()],
  [true, refused],
  [true, new DeadlineError(100, 'unknown')],
  [true, new DeadlineError(0, 'not-sent')],
  [true, { code: '57014' }],
  [true, { code: 'LIFEGUARD_POOL_OVERLOADED', outcome: 'not-sent' }],
  [false, { code: '40001' }],
  [false, { code: 'P2025' }],
  [false, { code: '25006' }],
  [false, uniqueViolation()],
  [false, bug()],
])('cannotAnswer is %s of %o', (expected, error) => {
  expect(cannotAnswer(diagnose(error))).toBe(expected);
});

import { describe, expect, test } from 'vitest';
import { deadline } from '../deadline/deadline.ts';
import { diagnose } from '../diagnose/diagnose.ts';
import {
  bug,
  connectionLost,
  connectionRefused,
  poolTimeout,
  uniqueViolation,
} from '../testing/failures.ts';
import { FakeClock } from '../testing/fake-clock.ts';
import { type BreakerOptions, breaker } from './breaker.ts';
import type { BreakerEvent } from './breaker-events.ts';
import { BreakerOpenError } from './breaker-open-error.ts';

function setUp(options: BreakerOptions = {}) {
  const clock = new FakeClock();
  const events: BreakerEvent[] = [];
  const onEvent = (event: BreakerEvent) => events.push(event);
  const one = breaker({ clock, random: () => 1, onEvent, openMillis: 250, ...options });
  const run = (error?: unknown) => one.run(async () => (error ? Promise.reject(error) : 'answer'));
  /** The error that the caller gets. */
  const fail = (error: unknown) =>
    run(error).then(
      () => undefined,
      (caught) => caught,
    );
  const open = async (error: unknown = connectionRefused()) => {
    for (let i = 0; i < 5; i++) {
      clock.advance(30);
      expect(await fail(error)).toBe(error);
    }
    expect(one.status().state).toBe('open');
  };
  return { clock, events, breaker: one, run, fail, open };
}

describe('breaker', () => {
  test('passes on what fn brings, and says that all is well', async () => {
    const { run, fail, breaker, events } = setUp();
    expect(await run()).toBe('answer');
    for (const error of [uniqueViolation(), bug()]) {
      for (let i = 0; i < 50; i++) expect(await fail(error)).toBe(error);
    }
    expect(breaker.status()).toEqual({ state: 'closed', retryAfterMillis: 0, refused: 0 });
    expect(events).toEqual([]);
  });

  test('of who needs much, a wait in vain says nothing; a lost way still does', async () => {
    const { breaker: one, clock } = setUp();
    const fail = (error: Error) =>
      one.run(() => Promise.reject(error), { ignoresWaits: true }).catch(() => {});
    for (let i = 0; i < 50; i++) {
      clock.advance(30);
      await fail(poolTimeout());
    }
    expect(one.status().state).toBe('closed');
    for (let i = 0; i < 5; i++) {
      clock.advance(30);
      await fail(connectionRefused());
    }
    expect(one.status().state).toBe('open');
  });

  test('of who has no more time, neither', async () => {
    const { breaker: one, clock } = setUp();
    const waits = () => {
      clock.advance(30);
      return Promise.reject(poolTimeout());
    };
    for (let i = 0; i < 50; i++) {
      await deadline(30, () => one.run(waits), { clock }).catch(() => {});
    }
    expect(one.status().state).toBe('closed');
    for (let i = 0; i < 10; i++) await one.run(waits).catch(() => {});
    expect(one.status().state).toBe('open');
  });

  test('what else the call asks for says nothing of the database', async () => {
    const { breaker: one, clock } = setUp();
    const elsewhere = connectionRefused();
    const fail = (error: Error) =>
      one
        .run(() => Promise.reject(error), { isOfDatabase: (each) => each !== elsewhere })
        .catch(() => {});
    for (let i = 0; i < 50; i++) {
      clock.advance(30);
      await fail(elsewhere);
    }
    expect(one.status().state).toBe('closed');
    for (let i = 0; i < 5; i++) {
      clock.advance(30);
      await fail(connectionRefused());
    }
    expect(one.status().state).toBe('open');
  });

  test('refuses at once when the database cannot be reached: since when, why, and until when', async () => {
    const { open, clock, breaker, run } = setUp();
    const before = Date.now();
    await open();
    clock.advance(70);
    const refused = await run().catch((error) => error);
    expect(refused).toBeInstanceOf(BreakerOpenError);
    expect(refused).toMatchObject({
      name: 'BreakerOpenError',
      code: 'LIFEGUARD_BREAKER_OPEN',
      outcome: 'not-sent',
      state: 'open',
      reason: '5 failures in a row; the last: unreachable, ECONNREFUSED',
      retryAfterMillis: 180,
    });
    expect(refused.message).toMatch(
      /^refused at once: the circuit breaker is open since 20.*Z \(5 failures in a row; .*\); within 180 ms it tries again$/,
    );
    // The fake clock has run ahead of the real one.
    expect(refused.since.getTime()).toBeGreaterThanOrEqual(before - 70);
    expect(breaker.status()).toMatchObject({ state: 'open', retryAfterMillis: 180, refused: 1 });
  });

  test('does not call fn then', async () => {
    const { open, breaker } = setUp();
    await open();
    let called = false;
    await breaker.run(async () => (called = true)).catch(() => {});
    expect(called).toBe(false);
  });

  test('what it says is safe: nothing from the errors of other callers', async () => {
    const { open, run, events } = setUp();
    const secret = Object.assign(new Error('read ECONNRESET for card 4111'), {
      code: 'ECONNRESET',
      syscall: 'read',
      params: ['4111'],
    });
    await open(secret);
    const refused = await run().catch((error) => error);
    expect(refused.cause).toBeUndefined();
    expect(`${refused.stack} ${JSON.stringify([refused, events])}`).not.toContain('4111');
  });

  test('tells each change, and each refusal with its label', async () => {
    const { open, clock, run, fail, breaker, events } = setUp();
    await open();
    await breaker.run(async () => 1, { label: 'Product.findMany' }).catch(() => {});
    clock.advance(250);
    await fail(connectionRefused());
    clock.advance(500);
    await run();
    clock.advance(800);
    await run();
    expect(events).toEqual([
      {
        type: 'breaker-open',
        since: expect.any(Date),
        reason: '5 failures in a row; the last: unreachable, ECONNREFUSED',
        retryAfterMillis: 250,
        isFirst: true,
      },
      { type: 'refused', label: 'Product.findMany', state: 'open', retryAfterMillis: 250 },
      { type: 'breaker-half-open' },
      expect.objectContaining({
        type: 'breaker-open',
        reason: 'a probe failed; the last: unreachable, ECONNREFUSED',
        isFirst: false,
      }),
      { type: 'breaker-half-open' },
      { type: 'breaker-returning' },
      { type: 'breaker-closed', outageMillis: 1_550 },
    ]);
  });

  test('opens for checkouts that wait in vain, as a share of the calls', async () => {
    const { clock, run, fail, breaker } = setUp();
    for (let i = 0; i < 4; i++) {
      clock.advance(100);
      await run();
    }
    for (let i = 0; i < 6; i++) {
      clock.advance(50);
      expect(breaker.status().state).toBe('closed');
      await fail(poolTimeout());
    }
    expect(breaker.status()).toMatchObject({
      state: 'open',
      reason: '6 of the last 10 calls failed; the last: app-pool-exhausted, LIFEGUARD_POOL_TIMEOUT',
    });
  });

  test('does not open when one connection takes many calls with it', async () => {
    const { fail, breaker, events } = setUp();
    for (let i = 0; i < 500; i++) await fail(connectionLost());
    expect(breaker.status().state).toBe('closed');
    expect(events).toEqual([]);
  });

  test('what fn throws before it returns a promise counts like the rest', async () => {
    const { clock, breaker } = setUp();
    for (let i = 0; i < 5; i++) {
      clock.advance(30);
      const fails = () => {
        throw connectionRefused();
      };
      await expect(breaker.run(fails)).rejects.toThrow('ECONNREFUSED');
    }
    expect(breaker.status().state).toBe('open');
  });

  test.each([
    { failureRatio: 0 },
    { windowMillis: 10 },
    { probes: 0 },
    { maxOpenMillis: Infinity },
  ])('refuses %o', (options) => {
    expect(() => breaker(options)).toThrow(RangeError);
  });
});

test('the diagnosis of a refusal says what it is', async () => {
  const { open, run } = setUp();
  await open();
  const diagnosis = diagnose(await run().catch((error) => error));
  expect(diagnosis).toMatchObject({
    kind: 'unreachable',
    title: 'The circuit breaker refused the call at once',
    outcome: 'not-sent',
    transient: true,
    code: 'LIFEGUARD_BREAKER_OPEN',
  });
});

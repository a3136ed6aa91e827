import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Facts, mayKeep, nextStep } from './judge.ts';

const limits = { everyMillis: 60, expiringWithinMillis: 300, maxStaleMillis: 900 };
const now = 10_000;
const facts = (some: Partial<Facts>): Facts => ({
  now,
  fresh: false,
  expiresAt: undefined,
  signedInAt: undefined,
  lastGoodAt: undefined,
  revokedAt: undefined,
  refusedAt: undefined,
  missedUntil: 0,
  forgottenUntil: 0,
  ...some,
});

describe('the next step', () => {
  test.each<[string, Partial<Facts>, string]>([
    ['nothing is known of it', {}, 'validate'],
    ['it was validated a moment ago', { lastGoodAt: now - 59 }, 'recent'],
    ['that was longer ago than `every`', { lastGoodAt: now - 60 }, 'validate'],
    ['the caller wants it fresh', { lastGoodAt: now, fresh: true }, 'validate'],
    ['its token has expired', { lastGoodAt: now, expiresAt: now }, 'expired'],
    [
      'its token has entered its last minutes',
      { lastGoodAt: now - 50, expiresAt: now + 270 },
      'validate',
    ],
    ['it was validated in them', { lastGoodAt: now - 20, expiresAt: now + 270 }, 'recent'],
    ['they are yet to come', { lastGoodAt: now - 50, expiresAt: now + 301 }, 'recent'],
    ['it was revoked', { lastGoodAt: now, revokedAt: now - 5 }, 'revoked'],
    [
      'it was revoked, and the caller wants it fresh',
      { fresh: true, revokedAt: now - 5 },
      'revoked',
    ],
    [
      'it began after that revocation',
      { revokedAt: now - 5, signedInAt: now - 4, lastGoodAt: now - 4 },
      'recent',
    ],
    [
      'it began in the same moment',
      { revokedAt: now - 5, signedInAt: now - 5, lastGoodAt: now },
      'revoked',
    ],
    ['it was found invalid a moment ago', { refusedAt: now - 59 }, 'invalid'],
    ['that was a while ago', { refusedAt: now - 60 }, 'validate'],
    [
      'another process has found it valid since',
      { refusedAt: now - 9, lastGoodAt: now - 5 },
      'recent',
    ],
    ['revocations were missed since', { lastGoodAt: now - 5, missedUntil: now - 5 }, 'validate'],
    [
      'revocations of then are forgotten',
      { lastGoodAt: now - 5, forgottenUntil: now - 5 },
      'validate',
    ],
  ])('when %s', (_, some, step) => {
    expect(nextStep(facts(some), limits)).toBe(step);
  });
});

describe('without an answer', () => {
  test.each<[string, Partial<Facts>, boolean]>([
    ['a session is kept', { lastGoodAt: now - 899 }, true],
    ['until maxStale', { lastGoodAt: now - 900 }, false],
    ['not one that nothing is known of', {}, false],
    ['not for who wants it fresh', { lastGoodAt: now - 1, fresh: true }, false],
    ['not a revoked one', { lastGoodAt: now - 1, revokedAt: now - 5 }, false],
    ['not one found invalid', { lastGoodAt: now - 9, refusedAt: now - 5 }, false],
    ['also when revocations were missed', { lastGoodAt: now - 9, missedUntil: now - 5 }, true],
    [
      'not when revocations of then are forgotten',
      { lastGoodAt: now - 9, forgottenUntil: now - 9 },
      false,
    ],
  ])('%s', (_, some, kept) => {
    expect(mayKeep(facts(some), limits)).toBe(kept);
  });
});

test('whatever is known, nobody goes on beyond maxStale, nor after a revocation', () => {
  const moment = fc.option(fc.integer({ min: 8_000, max: now }), { nil: undefined });
  const anything = fc.record({
    fresh: fc.boolean(),
    expiresAt: fc.option(fc.integer({ min: 9_000, max: 12_000 }), { nil: undefined }),
    signedInAt: moment,
    lastGoodAt: moment,
    revokedAt: moment,
    refusedAt: moment,
    missedUntil: fc.integer({ min: 0, max: now }),
    forgottenUntil: fc.integer({ min: 0, max: now }),
  });
  fc.assert(
    fc.property(anything, (some) => {
      const known = facts(some);
      const isAccepted = nextStep(known, limits) === 'recent' || mayKeep(known, limits);
      if (!isAccepted) return;
      const { lastGoodAt = 0, revokedAt, signedInAt = 0 } = some;
      expect(some.fresh).toBe(false);
      expect(now - lastGoodAt).toBeLessThan(limits.maxStaleMillis);
      expect(lastGoodAt).toBeGreaterThan(some.forgottenUntil);
      if (revokedAt !== undefined) expect(signedInAt).toBeGreaterThan(revokedAt);
    }),
  );
});

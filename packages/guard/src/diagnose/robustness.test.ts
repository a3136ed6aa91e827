import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { EXPLANATIONS } from './catalogue.ts';
import { diagnose } from './diagnose.ts';

/** Errors as a chain of anything, with the fields that are looked at. */
const errorLike: fc.Memo<unknown> = fc.memo((depth) =>
  fc.record(
    {
      name: fc.anything({ maxDepth: 1 }),
      message: fc.oneof(
        fc.string(),
        fc.constantFrom('FATAL: sorry, too many clients already', 'P2024'),
      ),
      code: fc.oneof(
        fc.anything({ maxDepth: 1 }),
        fc.constantFrom('P2024', 'P2010', '53300', 'ETIMEDOUT', 'LIFEGUARD_POOL_TIMEOUT'),
      ),
      syscall: fc.anything({ maxDepth: 1 }),
      outcome: fc.anything({ maxDepth: 1 }),
      meta: fc.anything({ maxDepth: 2 }),
      kind: fc.anything({ maxDepth: 1 }),
      cause: depth > 1 ? errorLike(depth - 1) : fc.anything({ maxDepth: 1 }),
      errors: depth > 1 ? fc.array(errorLike(depth - 1), { maxLength: 2 }) : fc.anything(),
    },
    { requiredKeys: [] },
  ),
);

function expectWellFormed(input: unknown): void {
  const diagnosis = diagnose(input);
  expect(Object.keys(EXPLANATIONS)).toContain(diagnosis.kind);
  expect(['not-sent', 'unknown', 'failed']).toContain(diagnosis.outcome);
  expect(typeof diagnosis.transient).toBe('boolean');
  expect((diagnosis.evidence ?? '').length).toBeLessThanOrEqual(200);
}

describe('never throws', () => {
  test('on anything', () => {
    fc.assert(
      fc.property(
        fc.anything({ withBigInt: true, withDate: true, withNullPrototype: true }),
        expectWellFormed,
      ),
      { numRuns: 500 },
    );
  });

  test('on chains of anything', () => {
    fc.assert(fc.property(errorLike(3), expectWellFormed), { numRuns: 500 });
  });

  test('on any text around a known one', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (before, after) => {
        expectWellFormed(`${before}sorry, too many clients already${after}`);
      }),
    );
  });

  test('on hostile objects', () => {
    const throwing = new Proxy(new Error('x'), {
      get() {
        throw new Error('no');
      },
    });
    const revoked = Proxy.revocable({}, {});
    revoked.revoke();
    const revokedList = Proxy.revocable([], {});
    revokedList.revoke();
    for (const input of [
      throwing,
      revoked.proxy,
      { errors: revokedList.proxy },
      { cause: throwing },
      new AggregateError([throwing]),
    ]) {
      expect(diagnose(input).kind).toBe('unknown');
    }
  });
});

test('a chain longer than anybody reads still ends', () => {
  let deep: object = { code: 'P2024' };
  for (let i = 0; i < 10_000; i++) deep = { cause: deep };
  expect(diagnose(deep).kind).toBe('unknown');
});

test('the first part of an endless text is read', () => {
  const text = 'FATAL: sorry, too many clients already';
  expect(diagnose(`${text}\n${' '.repeat(1_000_000)}`).kind).toBe('server-max-connections');
});

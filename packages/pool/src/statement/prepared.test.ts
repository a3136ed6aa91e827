import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isStalePlan, PreparedStatements } from './prepared.ts';

describe('PreparedStatements', () => {
  test('parses a text once', () => {
    const statements = new PreparedStatements(2);
    const first = statements.use('a');
    expect(first).toMatchObject({ fresh: true, close: [] });
    expect(statements.use('a')).toEqual({ name: first.name, fresh: false, close: [] });
  });

  test('closes the least recently used when it is full', () => {
    const statements = new PreparedStatements(2);
    const a = statements.use('a');
    const b = statements.use('b');
    statements.use('a');
    expect(statements.use('c').close).toEqual([b.name]);
    expect(statements.use('a')).toMatchObject({ name: a.name, fresh: false });
  });

  test('a forgotten text is closed with the next use and made anew under another name', () => {
    const statements = new PreparedStatements(2);
    const { name } = statements.use('a');
    statements.forget('a');
    statements.forget('a');
    const again = statements.use('a');
    expect(again).toMatchObject({ fresh: true, close: [name] });
    expect(again.name).not.toBe(name);
  });

  test('the server never has more than the capacity, each name once, and every use finds its own', () => {
    const step = fc.record({ text: fc.constantFrom(...'abcdef'), fails: fc.boolean() });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 4 }), fc.array(step), (capacity, steps) => {
        const statements = new PreparedStatements(capacity);
        const onServer = new Map<string, string>();
        const everUsed = new Set<string>();
        for (const { text, fails } of steps) {
          const { name, fresh, close } = statements.use(text);
          for (const old of close) expect(onServer.delete(old)).toBe(true);
          if (fresh) {
            expect(everUsed.has(name)).toBe(false);
            everUsed.add(name);
            onServer.set(name, text);
          }
          expect(onServer.get(name)).toBe(text);
          expect(onServer.size).toBeLessThanOrEqual(capacity);
          if (fails) statements.forget(text);
        }
      }),
    );
  });
});

describe('isStalePlan', () => {
  const errorOf = (fields: object) => Object.assign(new Error('in whatever language'), fields);

  test.each([
    [{ code: '26000' }, true],
    [{ code: '0A000', routine: 'RevalidateCachedQuery' }, true],
    [{ code: '0A000', routine: 'transformSetOperationStmt' }, false],
    [{ code: '23505' }, false],
    [{}, false],
  ])('%j: %s', (fields, stale) => {
    expect(isStalePlan(errorOf(fields))).toBe(stale);
  });
});

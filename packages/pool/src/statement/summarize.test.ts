import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { maskLiterals, summarize } from './summarize.ts';

describe('summarize', () => {
  test.each([
    ['SELECT  *\nFROM t\tWHERE a = 1', 'SELECT * FROM t WHERE a = ?'],
    ["SELECT 'a' -- 'b'\n, $1", 'SELECT ? , $1'],
    ["INSERT INTO t VALUES (-1, E'x', $$y$$, 1.5e3)", 'INSERT INTO t VALUES (-?, ?, ?, ?)'],
    ['SELECT "a b" FROM s."T"', 'SELECT "a b" FROM s."T"'],
    ['', ''],
  ])('%j', (sql, summary) => {
    expect(summarize(sql)).toBe(summary);
  });

  test('is short, whatever the statement', () => {
    expect(summarize(`SELECT ${'a, '.repeat(100_000)}b`).length).toBeLessThanOrEqual(161);
    expect(summarize(`SELECT ${'x'.repeat(10_000)}`).length).toBeLessThanOrEqual(161);
  });

  test('no literal survives', () => {
    const content = fc.string({
      maxLength: 30,
      unit: fc.constantFrom("'", '\\', '$', '"', ';', '-', '*', '/', '\n', 'E', 'a', '1', ' '),
    });
    const quoted = fc
      .tuple(content, fc.constantFrom('plain', 'escape', 'unicode', 'dollar', 'number'))
      .map(([text, form]) => {
        const secret = `${text}SECRET${text}`;
        const doubled = secret.replaceAll("'", "''");
        switch (form) {
          case 'plain':
            return `'${doubled}'`;
          case 'escape':
            return `E'${secret.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
          case 'unicode':
            return `U&'${doubled.replaceAll('\\', '\\\\')}'`;
          case 'dollar':
            return `$tag$${secret}$tag$`;
          default:
            return '424242.4242e42';
        }
      });
    fc.assert(
      fc.property(fc.array(quoted, { minLength: 1, maxLength: 5 }), (literals) => {
        const summary = summarize(`SELECT ${literals.join(', ')} FROM t`);
        expect(summary).not.toMatch(/SECRET|42/);
        expect(summary).toBe(`SELECT ${literals.map(() => '?').join(', ')} FROM t`);
      }),
      { numRuns: 500 },
    );
  });

  test('masked, a statement is whole', () => {
    const columns = Array.from({ length: 50 }, (_, i) => `column_${i}`).join(', ');
    expect(maskLiterals(`SELECT ${columns}\nFROM t /* a */ WHERE b = 'c'`)).toBe(
      `SELECT ${columns} FROM t WHERE b = ?`,
    );
  });

  test('a literal that is cut off with the text is masked as well', () => {
    expect(summarize(`SELECT ${' '.repeat(3_950)} 'SECRET ${'x'.repeat(200)}'`)).toBe('SELECT ?');
  });
});

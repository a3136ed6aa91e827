import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { tokenize } from './tokenize.ts';

const tokens = (sql: string) => [...tokenize(sql)].map(({ kind, text }) => `${kind}:${text}`);

describe('tokenize', () => {
  test.each([
    ['SELECT 1', ['word:select', 'literal:1']],
    ["'it''s; BEGIN' x", ["literal:'it''s; BEGIN'", 'word:x']],
    ["E'a\\'; BEGIN' x", ["literal:E'a\\'; BEGIN'", 'word:x']],
    ["E'a\\\\' x", ["literal:E'a\\\\'", 'word:x']],
    ["U&'d\\0061t' x", ["literal:U&'d\\0061t'", 'word:x']],
    ["B'01' X'ff' N'n'", ["literal:B'01'", "literal:X'ff'", "literal:N'n'"]],
    ["E'open", ["literal:E'open"]],
    ["'open", ["literal:'open"]],
    ["E'open\\", ['word:e', "literal:'open\\"]],
    ['$$a;b$$ x', ['literal:$$a;b$$', 'word:x']],
    ['$t$a $$ b$t$ x', ['literal:$t$a $$ b$t$', 'word:x']],
    ['$t$open', ['literal:$t$open']],
    ['a$$b$$', ['word:a$$b$$']],
    ['$1::int', ['other:$1', 'other::', 'other::', 'word:int']],
    ['"A ""b""; c"', ['word:A ""b""; c']],
    ['"open', ['word:ope']],
    ['1e5 0xFF 1_000 .5', ['literal:1e5', 'literal:0xFF', 'literal:1_000', 'other:.', 'literal:5']],
    ['1e-5 2.5E+10 1-2', ['literal:1e-5', 'literal:2.5E+10', 'literal:1', 'other:-', 'literal:2']],
    ['Größe', ['word:größe']],
    [
      'U&"set\\005fconfig"(\'a\')',
      ['unclear:U&"set\\005fconfig"', 'other:(', "literal:'a'", 'other:)'],
    ],
    ['u & "a"', ['word:u', 'other:&', 'word:a']],
    // A blank that is none to the server begins a name.
    ['a\u00a0b \u00a0c', ['word:a\u00a0b', 'word:\u00a0c']],
    ['a -- b ; c\nd', ['word:a', 'word:d']],
    ['a /* b /* ; */ c */ d', ['word:a', 'word:d']],
    ['a /* open /* */ b', ['word:a']],
    ['a;b', ['word:a', 'semicolon:;', 'word:b']],
    ['', []],
  ])('%j', (sql, expected) => {
    expect(tokens(sql)).toEqual(expected);
  });

  test('a line comment ends at a carriage return, as for the server', () => {
    expect(tokens('SELECT 1 -- x\r; BEGIN')).toContain('semicolon:;');
  });

  test('never hangs, and its tokens lie in order inside the text', () => {
    const pieces = fc.constantFrom(
      "'",
      '"',
      '$$',
      '$a$',
      '/*',
      '*/',
      '--',
      '\n',
      '\\',
      ';',
      'E',
      'x',
      '1',
      ' ',
    );
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 40 }), (parts) => {
        const sql = parts.join('');
        let end = 0;
        for (const token of tokenize(sql)) {
          expect(token.start).toBeGreaterThanOrEqual(end);
          expect(token.end).toBeGreaterThan(token.start);
          end = token.end;
        }
        expect(end).toBeLessThanOrEqual(sql.length);
      }),
    );
  });
});

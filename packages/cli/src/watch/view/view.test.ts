import { describe, expect, test } from 'vitest';
import { coloursOf } from '../../terminal/colours.ts';
import { textWidth } from '../../terminal/words.ts';
import { againstSchema } from '../../testing/schemas/validate.ts';
import { away, healthy, madeUpServer, sick, told } from '../testing/made-up.ts';
import { renderJson } from './json.ts';
import { renderLine } from './line.ts';
import { fitted, Screen } from './screen.ts';
import { renderText } from './text.ts';

const nothing = madeUpServer({
  connections: {
    max: null,
    reserved: null,
    used: 1,
    roleLimit: null,
    databaseLimit: null,
    byState: {},
    byApplication: [],
  },
  statementsMissing: 'The server does not count them: add pg_stat_statements.',
});

describe.each([80, 120])('at %i columns', (width) => {
  test.each([
    ['healthy', healthy()],
    ['sick', sick()],
    ['away', away()],
    ['once', told(nothing, [], { page: undefined, intervalSeconds: undefined })],
  ])('%s', async (name, looked) => {
    const text = renderText(looked, width, coloursOf({}, {}));
    for (const line of text.split('\n')) expect(textWidth(line)).toBeLessThanOrEqual(width);
    await expect(`${text}\n`).toMatchFileSnapshot(`./golden/${name}-${width}.txt`);
  });
});

test('statements of others, whose texts are hidden, are no rows of their own', () => {
  const row = (statement: string) => ({
    statement,
    calls: 9,
    totalMillis: 900,
    meanMillis: 100,
    rows: 9,
  });
  const text = (...statements: string[]) =>
    renderText(told(madeUpServer({ statements: statements.map(row) }), []), 80, coloursOf({}, {}));
  expect(text('not seen', 'SELECT 1', 'not seen').split('SELECT 1')).toHaveLength(2);
  expect(text('not seen', 'SELECT 1')).not.toContain('not seen');
  expect(text('not seen').replaceAll('\n', ' ')).toContain('a member of pg_monitor sees them');
});

test('as lines', () => {
  expect([healthy(), sick(), away()].map(renderLine)).toEqual([
    '14:03:12 13 of 97 connections (4 active, 8 idle); 312 transactions a second',
    '14:03:12 92 of 97 connections (40 active, 30 idle, 12 idle in transaction, 9 not seen); 312 transactions a second; 3 sessions held up; warning: checkout holds up 3 sessions with nothing to do in its transaction',
    '14:03:12 shop at db.example.com:5432 does not answer: connect ECONNREFUSED 10.0.0.5:5432',
  ]);
});

test.each([
  ['healthy', healthy()],
  ['sick', sick()],
  ['away', away()],
])('%s as JSON: one line, valid against its schema', (_, looked) => {
  const text = renderJson(looked);
  expect(text).not.toContain('\n');
  expect(againstSchema('watch.schema.json')(JSON.parse(text))).toEqual([]);
});

describe('the screen', () => {
  test('has as many lines as there is room for, and says how many more there are', () => {
    expect(fitted(['a', 'b', 'c'], 3)).toEqual(['a', 'b', 'c']);
    expect(fitted(['a', 'b', 'c', 'd'], 3)).toEqual([
      'a',
      'b',
      '… 2 lines more: make the window taller',
    ]);
  });

  test('is taken once, drawn over, and given back', () => {
    let written = '';
    const stream = { rows: 24, write: (text: string) => (written += text) };
    const screen = new Screen(stream as unknown as NodeJS.WriteStream);
    screen.close();
    expect(written).toBe('');
    screen.draw('one');
    screen.draw('two');
    screen.close();
    screen.close();
    const shown = written.replaceAll('\u001b', '^');
    expect(shown).toBe('^[?1049h^[?25l^[Hone^[K^[J^[Htwo^[K^[J^[?25h^[?1049l');
  });
});

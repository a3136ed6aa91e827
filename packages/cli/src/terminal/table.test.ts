import { expect, test } from 'vitest';
import { layOutTable } from './table.ts';

const red = (text: string) => `\u001b[31m${text}\u001b[39m`;

test('aligns columns, the first to the left; headings widen none', () => {
  const rows = [
    [{ text: 'a heading that is wide' }],
    [{ text: 'web' }, { text: '5' }, { text: 'é' }],
    [{ text: 'workers' }, { text: '1 200' }],
  ];
  expect(layOutTable(rows)).toBe('a heading that is wide\nweb          5  é\nworkers  1 200');
  expect(layOutTable(rows, { left: [0, 1] })).toContain('web      5      é');
});

test('colours take no room', () => {
  const rows = [
    [{ text: 'a' }, { text: '1', colour: red }],
    [{ text: red('bcd') }, { text: '22' }],
  ];
  expect(layOutTable(rows)).toBe(`a    ${red(' 1')}\n${red('bcd')}  22`);
});

test('nothing', () => {
  expect(layOutTable([])).toBe('');
});

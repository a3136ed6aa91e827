import { expect, test } from 'vitest';
import { changing } from './changing.ts';

test.each<[string, unknown[], string[][] | undefined]>([
  ['nothing', [{ where: { id: 1 } }, { where: { id: 1 } }], []],
  [
    'one value',
    [{ where: { id: 1 } }, { where: { id: 2 } }, { where: { id: 3 } }],
    [['where', 'id']],
  ],
  [
    'two values',
    [{ where: { a: 1, b: 1 } }, { where: { a: 2, b: 1 } }, { where: { a: 1, b: 2 } }],
    [
      ['where', 'a'],
      ['where', 'b'],
    ],
  ],
  ['the shape', [{ where: { id: 1 } }, { where: { name: 'a' } }], undefined],
  ['the shape of a value', [{ where: { id: 1 } }, { where: { id: { gt: 1 } } }], undefined],
  ['a list', [{ in: [1, 2] }, { in: [1, 3] }], [['in']]],
  ['the same list', [{ in: [1, { a: 2 }] }, { in: [1, { a: 2 }] }], []],
  ['the time of the call', [{ at: new Date(1_000) }, { at: new Date(1_900) }], []],
  ['a day', [{ at: new Date('2026-01-01') }, { at: new Date('2026-01-02') }], [['at']]],
  ['bytes', [{ at: Buffer.from('a') }, { at: Buffer.from('a') }], []],
  ['no arguments', [undefined, undefined], []],
])('%s', (_, calls, paths) => {
  expect(changing(calls)).toEqual(paths);
});

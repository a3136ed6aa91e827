import { describe, expect, test } from 'vitest';
import {
  type Candidate,
  chooseForShort,
  chooseHeldBack,
  mostWholes,
  PACK_MILLIS,
} from './choose.ts';

interface Lane {
  length?: number;
  work?: number;
  cap?: 'medium' | 'long';
  overdue?: boolean;
}

class Named implements Candidate {
  readonly name: string;
  readonly isOpenToAll = true;
  readonly lane: Candidate['lane'];

  constructor(name: string, { length = 1, work = 0, cap, overdue = false }: Lane) {
    this.name = name;
    this.lane = { length, pendingMillis: work, cap, isOverdue: () => overdue };
  }
}

const named = (lanes: Record<string, Lane>) =>
  Object.entries(lanes).map(([name, lane]) => new Named(name, lane));

const choose = (lanes: Record<string, Lane>, depth = 100, heldBack: string[] = []) => {
  const candidates = named(lanes);
  const held = new Set(candidates.filter(({ name }) => heldBack.includes(name)));
  return chooseForShort(candidates, { now: 0, depth, heldBack: held })?.name;
};

const EMPTY = { length: 0 };
const LITTLE = { length: 2, work: PACK_MILLIS / 4 };
const MORE = { length: 4, work: PACK_MILLIS / 2 };
const MUCH = { length: 9, work: PACK_MILLIS * 2 };
const HEAVY = { length: 19, work: PACK_MILLIS * 4 };
const FULL = { length: 20, work: PACK_MILLIS };
const FULL_OF_CHEAP = { length: 20, work: PACK_MILLIS / 2 };

describe('the connection for a short statement', () => {
  test.each<[string, string | undefined, Record<string, Lane>]>([
    ['none without any', undefined, {}],
    ['the fullest of those with little work', 'b', { a: LITTLE, b: MORE, c: EMPTY, d: MUCH }],
    ['an empty one rather than one with much work', 'b', { a: MUCH, b: EMPTY }],
    ['the least loaded when none is empty', 'b', { a: HEAVY, b: MUCH }],
    ['none behind a medium statement', 'b', { a: { ...LITTLE, cap: 'medium' }, b: HEAVY }],
    ['none behind a long statement', undefined, { a: { ...LITTLE, cap: 'long' } }],
    ['none behind an overdue one', 'b', { a: { ...LITTLE, overdue: true }, b: EMPTY }],
    ['none when all are overdue', undefined, { a: { ...LITTLE, overdue: true } }],
    ['none that is full', undefined, { a: FULL }],
    ['one that is full of very cheap ones when no other is left', 'a', { a: FULL_OF_CHEAP }],
    ['an empty one rather than one that is full', 'b', { a: FULL_OF_CHEAP, b: EMPTY }],
    ['one with little work rather than one that is full', 'b', { a: FULL_OF_CHEAP, b: LITTLE }],
    ['none beyond the depth', undefined, { a: { length: 100 } }],
  ])('%s', (_, expected, lanes) => {
    expect(choose(lanes)).toBe(expected);
  });

  test('a depth of one means one statement at a time', () => {
    expect(choose({ a: LITTLE, b: EMPTY }, 1)).toBe('b');
    expect(choose({ a: LITTLE }, 1)).toBeUndefined();
  });

  test('none of those that are held back', () => {
    expect(choose({ a: EMPTY, b: LITTLE }, 100, ['b'])).toBe('a');
    expect(choose({ a: EMPTY, b: LITTLE }, 100, ['a', 'b'])).toBeUndefined();
  });
});

describe('the connections held back for those who need a whole one', () => {
  const hold = (lanes: Record<string, Lane>, wanted: number, held: string[] = []) => {
    const open = named(lanes);
    const before = new Set(open.filter(({ name }) => held.includes(name)));
    return [...chooseHeldBack(open, { now: 0, wanted, before })].map(({ name }) => name);
  };
  const lanes = { a: MORE, b: HEAVY, c: EMPTY, d: { ...LITTLE, cap: 'long' as const } };

  test.each<[string[], number]>([
    [[], -1],
    [[], 0],
    [['c'], 1],
    [['c', 'a'], 2],
    [['c', 'a', 'b'], 9],
  ])('%j for %d', (expected, wanted) => {
    expect(hold(lanes, wanted)).toEqual(expected);
  });

  test('who was falling empty goes on', () => {
    expect(hold(lanes, 1, ['b'])).toEqual(['b']);
    expect(hold(lanes, 2, ['b'])).toEqual(['b', 'c']);
  });

  test('not when it has become overdue, or takes long', () => {
    expect(hold({ a: MORE, b: { ...LITTLE, overdue: true } }, 1, ['b'])).toEqual(['a']);
    expect(hold(lanes, 1, ['d'])).toEqual(['c']);
  });
});

test.each([
  [{ max: 10, reserveShared: true, multiplex: true }, 9],
  [{ max: 3, reserveShared: true, multiplex: true }, 2],
  [{ max: 2, reserveShared: true, multiplex: true }, 2],
  [{ max: 10, reserveShared: false, multiplex: true }, 10],
  [{ max: 10, reserveShared: true, multiplex: false }, 10],
])('of %j may go to callers alone: %d', (options, expected) => {
  expect(mostWholes(options)).toBe(expected);
});

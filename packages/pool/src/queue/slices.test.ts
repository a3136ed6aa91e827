import { expect, test } from 'vitest';
import { SLICE, Slices } from './slices.ts';

/** With the turns of the event loop in the test's hands. */
function setUp() {
  const turns: (() => void)[] = [];
  const events: string[] = [];
  const slices = new Slices<string>(
    () => events.push('finished'),
    (run) => turns.push(run),
  );
  const run = (name: string, count: number) =>
    slices.run(
      Array.from({ length: count }, (_, i) => `${name}${i}`),
      (element) => events.push(element),
    );
  const turn = () => turns.shift()?.();
  return { slices, events, turns, run, turn };
}

test('a few are done at once', () => {
  const { slices, events, turns, run } = setUp();
  run('a', 3);
  run('b', 1);
  expect(events).toEqual(['a0', 'a1', 'a2', 'b0']);
  expect({ left: slices.length, turns: turns.length }).toEqual({ left: 0, turns: 0 });
});

test('many are done in slices, each of them once, whoever came first at first', () => {
  const { slices, events, turns, run, turn } = setUp();
  run('a', 2 * SLICE + 1);
  expect(events).toHaveLength(SLICE);
  run('b', 1);
  expect(events).toHaveLength(SLICE);
  expect(slices.length).toBe(SLICE + 2);
  turn();
  expect(events).toHaveLength(2 * SLICE);
  turn();
  expect(turns).toEqual([]);
  const names = Array.from({ length: 2 * SLICE + 1 }, (_, i) => `a${i}`);
  expect(events).toEqual([...names, 'b0', 'finished']);
});

test('just a slice leaves nothing for later', () => {
  const { events, turns, run } = setUp();
  run('a', SLICE);
  expect(events).toHaveLength(SLICE);
  expect(turns).toEqual([]);
});

test('whoever comes while others are told is told in turn', () => {
  const { slices, events, turns } = setUp();
  slices.run(['a', 'b'], (element) => {
    events.push(element);
    slices.run([`after ${element}`], (later) => events.push(later));
  });
  expect(events).toEqual(['a', 'b', 'after a', 'after b']);
  expect(turns).toEqual([]);
});

test('one that throws stops none of the others', () => {
  const { slices, events, turn } = setUp();
  const thrower = () =>
    slices.run(['a', 'b'], (element) => {
      if (element === 'a') throw new Error('of a listener');
      events.push(element);
    });
  expect(thrower).toThrow('of a listener');
  turn();
  expect(events).toEqual(['b', 'finished']);
});

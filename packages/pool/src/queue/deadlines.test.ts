import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { FakeClock } from '../testing/fake-clock.ts';
import { Deadlines } from './deadlines.ts';

/** A quarter of the 100 ms that a caller is promised, and the moment itself. */
const LATEST = 50;

function setUp(start = 1_234.5) {
  const clock = new FakeClock(start);
  const expired: { element: string; at: number }[] = [];
  const calls: number[] = [];
  const deadlines = new Deadlines<string>(clock, (elements) => {
    calls.push(elements.length);
    for (const element of elements) expired.push({ element, at: clock.now() });
  });
  return { clock, deadlines, expired, calls };
}

describe('Deadlines', () => {
  test('tells after the deadline, never before, and soon', () => {
    const deadlines = fc.array(fc.integer({ min: 0, max: 5_000 }), { maxLength: 50 });
    fc.assert(
      fc.property(deadlines, fc.double({ min: 0, max: 1e6, noNaN: true }), (waits, start) => {
        const { clock, deadlines, expired } = setUp(start);
        waits.forEach((wait, i) => {
          deadlines.add(`${i}`, start + wait);
        });
        clock.advance(6_000);
        expect(expired).toHaveLength(waits.length);
        for (const { element, at } of expired) {
          const deadline = start + (waits[Number(element)] as number);
          expect(at).toBeGreaterThanOrEqual(deadline);
          expect(at - deadline).toBeLessThanOrEqual(LATEST);
        }
      }),
    );
  });

  test('one timer for all, and none when nobody waits', () => {
    const { clock, deadlines } = setUp();
    const tickets = Array.from({ length: 1_000 }, (_, i) => deadlines.add(`${i}`, 5_000 + i));
    expect(clock.timers).toBe(1);
    tickets.forEach((ticket, i) => {
      deadlines.remove(`${i}`, ticket);
    });
    clock.advance(100);
    expect(clock.timers).toBe(0);
  });

  test('whoever was taken out is not told, whoever comes later is', () => {
    const { clock, deadlines, expired } = setUp();
    const ticket = deadlines.add('out', clock.now() + 100);
    deadlines.add('in', clock.now() + 100);
    deadlines.remove('out', ticket);
    deadlines.remove('out', ticket);
    clock.advance(1_000);
    deadlines.add('later', clock.now() + 100);
    clock.advance(1_000);
    expect(expired.map(({ element }) => element)).toEqual(['in', 'later']);
  });

  test('no deadline at all takes no timer', () => {
    const { clock, deadlines, expired } = setUp();
    deadlines.remove('for ever', deadlines.add('for ever', Infinity));
    expect(clock.timers).toBe(0);
    clock.advance(1e9);
    expect(expired).toEqual([]);
  });

  test('a deadline in the past is told with the next sweep', () => {
    const { clock, deadlines, expired } = setUp();
    deadlines.add('late', clock.now() - 1_000);
    clock.advance(LATEST);
    expect(expired.map(({ element }) => element)).toEqual(['late']);
  });

  test('tens of thousands that expire together are told at once', () => {
    const { clock, deadlines, calls } = setUp(0);
    for (let i = 0; i < 40_000; i++) deadlines.add(`${i}`, 1_000);
    clock.advance(2_000);
    expect(calls).toEqual([40_000]);
  });

  test('after a long pause of the process all that was due is told, in its order', () => {
    const { clock, deadlines, expired, calls } = setUp(0);
    for (const at of [3_000, 1_000, 2_000, 90_000]) deadlines.add(`${at}`, at);
    clock.pause(60_000);
    expect(expired.map(({ element }) => element)).toEqual(['1000', '2000', '3000']);
    expect(calls).toEqual([3]);
    clock.advance(31_000);
    expect(expired.at(-1)).toMatchObject({ element: '90000' });
  });

  test('whoever comes while the others are told is told in turn', () => {
    const clock = new FakeClock();
    const told: string[] = [];
    const deadlines: Deadlines<string> = new Deadlines(clock, (elements) => {
      told.push(...elements);
      if (told.length < 3) deadlines.add(`${told.length}`, clock.now());
    });
    deadlines.add('0', 0);
    clock.advance(1_000);
    expect(told).toEqual(['0', '1', '2']);
  });
});

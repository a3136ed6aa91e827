import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { FakeClock } from '../testing/fake-clock.ts';
import { type Bucket, Deadlines, type Due, MOST_AT_ONCE } from './deadlines.ts';

class Element implements Due<Element> {
  readonly name: string;
  bucket: Bucket<Element> | undefined;
  before: Element | undefined;
  after: Element | undefined;

  constructor(name: string) {
    this.name = name;
  }
}

/** A quarter of the 100 ms that a caller is promised, and the moment itself. */
const LATEST = 50;

function setUp(start = 1_234.5) {
  const clock = new FakeClock(start);
  const expired: { element: string; at: number }[] = [];
  const calls: number[] = [];
  const deadlines = new Deadlines<Element>(clock, (elements) => {
    calls.push(elements.length);
    for (const { name } of elements) expired.push({ element: name, at: clock.now() });
  });
  const add = (name: string, at: number): Element => {
    const element = new Element(name);
    deadlines.add(element, at);
    return element;
  };
  return { clock, deadlines, add, expired, calls };
}

describe('Deadlines', () => {
  test('tells after the deadline, never before, and soon', () => {
    const deadlines = fc.array(fc.integer({ min: 0, max: 5_000 }), { maxLength: 50 });
    fc.assert(
      fc.property(deadlines, fc.double({ min: 0, max: 1e6, noNaN: true }), (waits, start) => {
        const { clock, add, expired } = setUp(start);
        waits.forEach((wait, i) => {
          add(`${i}`, start + wait);
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
    const { clock, deadlines, add } = setUp();
    const elements = Array.from({ length: 1_000 }, (_, i) => add(`${i}`, 5_000 + i));
    expect(clock.timers).toBe(1);
    for (const element of elements) deadlines.remove(element);
    clock.advance(100);
    expect(clock.timers).toBe(0);
  });

  test('whoever was taken out is not told, whoever comes later is', () => {
    const { clock, deadlines, add, expired } = setUp();
    const out = add('out', clock.now() + 100);
    add('in', clock.now() + 100);
    deadlines.remove(out);
    deadlines.remove(out);
    clock.advance(1_000);
    add('later', clock.now() + 100);
    clock.advance(1_000);
    expect(expired.map(({ element }) => element)).toEqual(['in', 'later']);
  });

  test('no deadline at all takes no timer', () => {
    const { clock, deadlines, add, expired } = setUp();
    deadlines.remove(add('for ever', Infinity));
    expect(clock.timers).toBe(0);
    clock.advance(1e9);
    expect(expired).toEqual([]);
  });

  test('a deadline in the past is told with the next sweep', () => {
    const { clock, add, expired } = setUp();
    add('late', clock.now() - 1_000);
    clock.advance(LATEST);
    expect(expired.map(({ element }) => element)).toEqual(['late']);
  });

  test('tens of thousands that expire together are told in turns, soon after each other', () => {
    const { clock, add, expired, calls } = setUp(0);
    for (let i = 0; i < 10 * MOST_AT_ONCE; i++) add(`${i}`, 1_000 + (i % 2));
    clock.advance(2_000);
    expect(calls).toEqual(Array(10).fill(MOST_AT_ONCE));
    expect(new Set(expired.map(({ element }) => element)).size).toBe(10 * MOST_AT_ONCE);
    expect(Math.max(...expired.map(({ at }) => at))).toBeLessThanOrEqual(1_001 + LATEST);
    expect(clock.timers).toBe(0);
  });

  test('whoever is taken out between two such turns is not told', () => {
    const { clock, deadlines, add, expired } = setUp(0);
    const elements = Array.from({ length: MOST_AT_ONCE + 2 }, (_, i) => add(`${i}`, 25));
    clock.pause(25);
    deadlines.remove(elements[MOST_AT_ONCE] as Element);
    add('new', 0);
    clock.advance(100);
    const names = expired.map(({ element }) => element);
    expect(names.slice(MOST_AT_ONCE)).toEqual([`${MOST_AT_ONCE + 1}`, 'new']);
  });

  test('after a long pause of the process all that was due is told, in its order', () => {
    const { clock, add, expired, calls } = setUp(0);
    for (const at of [3_000, 1_000, 2_000, 90_000]) add(`${at}`, at);
    clock.pause(60_000);
    expect(expired.map(({ element }) => element)).toEqual(['1000', '2000', '3000']);
    expect(calls).toEqual([3]);
    clock.advance(31_000);
    expect(expired.at(-1)).toMatchObject({ element: '90000' });
  });

  test('whichever of many are taken out, the others are told in their order', () => {
    const steps = fc.array(fc.record({ wait: fc.nat({ max: 200 }), isTakenOut: fc.boolean() }));
    fc.assert(
      fc.property(steps, (those) => {
        const { clock, deadlines, add, expired } = setUp(0);
        const elements = those.map(({ wait }, i) => add(`${i}`, wait));
        elements.forEach((element, i) => {
          if (those[i]?.isTakenOut) deadlines.remove(element);
        });
        clock.advance(1_000);
        const tick = (wait: number) => Math.max(1, Math.ceil(wait / 25));
        const left = those
          .map(({ wait, isTakenOut }, i) => ({ name: `${i}`, tick: tick(wait), isTakenOut }))
          .filter(({ isTakenOut }) => !isTakenOut)
          // An array's sort is stable.
          .sort((a, b) => a.tick - b.tick);
        expect(expired.map(({ element }) => element)).toEqual(left.map(({ name }) => name));
        expect(clock.timers).toBe(0);
      }),
    );
  });

  test('whoever comes while the others are told is told in turn', () => {
    const clock = new FakeClock();
    const told: string[] = [];
    const deadlines: Deadlines<Element> = new Deadlines(clock, (elements) => {
      told.push(...elements.map(({ name }) => name));
      if (told.length < 3) deadlines.add(new Element(`${told.length}`), clock.now());
    });
    deadlines.add(new Element('0'), 0);
    clock.advance(1_000);
    expect(told).toEqual(['0', '1', '2']);
  });
});

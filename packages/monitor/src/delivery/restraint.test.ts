import { beforeEach, expect, test } from 'vitest';
import type { IncidentChange } from '../incidents/incident-log.ts';
import { began, over } from '../testing/incidents.ts';
import { Restraint } from './restraint.ts';

let restraint: Restraint;
beforeEach(() => {
  restraint = new Restraint({ repeatMillis: 300_000, perMinute: 3 });
});

const allows = (change: IncidentChange, seconds: number) =>
  restraint.allows(change, seconds * 1_000);

test('what comes back within minutes is told once, and its end once', () => {
  const story = [
    [began(), 0],
    [over(), 10],
    [began(), 20],
    [over(), 30],
    [began(), 299],
    [over(), 299],
    [began(), 300],
    [over(), 310],
  ] as const;
  expect(story.map(([change, seconds]) => allows(change, seconds))).toEqual([
    true,
    true,
    false,
    false,
    false,
    false,
    true,
    true,
  ]);
});

test('each for itself', () => {
  expect(allows(began({ id: 'a' }), 0)).toBe(true);
  expect(allows(began({ id: 'b' }), 0)).toBe(true);
});

test('so many in a minute, and the number of the others', () => {
  const ids = ['a', 'b', 'c', 'd', 'e'];
  expect(ids.map((id) => allows(began({ id }), 0))).toEqual([true, true, true, false, false]);
  expect(allows(over({ id: 'a' }), 59)).toBe(false);
  expect(restraint.takeHeldBack()).toBe(3);
  expect(restraint.takeHeldBack()).toBe(0);
  expect(allows(began({ id: 'd' }), 60)).toBe(true);
});

test('endless incidents do not fill the memory', () => {
  const many = new Restraint({ repeatMillis: 1e9, perMinute: 1e9 });
  for (let i = 0; i < 3_000; i++) many.allows(began({ id: `${i}` }), 0);
  expect(many.allows(began({ id: '2999' }), 1)).toBe(false);
  expect(many.allows(began({ id: '0' }), 1)).toBe(true);
});

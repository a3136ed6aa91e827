import { expect, test } from 'vitest';
import { LinkSchedule } from './link-schedule.ts';

const DELAYED = { delayMillis: 100, bytesPerSecond: Infinity };

test('delayed bytes overlap: each is late by the delay, however many are under way', () => {
  const schedule = new LinkSchedule();
  const arrivals = [0, 1, 2, 3].map((now) => schedule.arrivesAt(now, 65_536, DELAYED));
  expect(arrivals).toEqual([100, 101, 102, 103]);
});

test('bytes sent after the delay got shorter do not overtake', () => {
  const schedule = new LinkSchedule();
  expect(schedule.arrivesAt(0, 1, DELAYED)).toBe(100);
  expect(schedule.arrivesAt(10, 1, { ...DELAYED, delayMillis: 0 })).toBe(100);
});

test('bandwidth is shared one after the other, and an idle line saves nothing up', () => {
  const schedule = new LinkSchedule();
  const slow = { delayMillis: 50, bytesPerSecond: 1_000 };
  expect(schedule.arrivesAt(0, 100, slow)).toBe(150);
  expect(schedule.arrivesAt(0, 100, slow)).toBe(250);
  expect(schedule.arrivesAt(10_000, 100, slow)).toBe(10_150);
});

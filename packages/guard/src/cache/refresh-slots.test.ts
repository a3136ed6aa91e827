import { expect, test } from 'vitest';
import { RefreshSlots } from './refresh-slots.ts';

test('never lends more than there are, and serves in turn', () => {
  const slots = new RefreshSlots(2);
  const log: string[] = [];
  expect([slots.tryTake(), slots.tryTake(), slots.tryTake()]).toEqual([true, true, false]);
  slots.line(() => log.push('a'));
  const giveUp = slots.line(() => log.push('b'));
  slots.line(() => log.push('c'));
  giveUp();
  slots.release();
  slots.release();
  expect(log).toEqual(['a', 'c']);
  expect([slots.taken, slots.waiting]).toEqual([2, 0]);
  slots.release();
  slots.release();
  expect(slots.taken).toBe(0);
});

import { expect, test } from 'vitest';
import type { HeldCheckout } from '../context/hold-scope.ts';
import { findSelfDeadlock } from './self-deadlock.ts';

const checkout = (owner: string): HeldCheckout => ({
  owner,
  site: undefined,
  isOver: false,
  lender: undefined,
});
const [a, b] = [checkout('a'), checkout('b')];
const lent = (held: HeldCheckout | undefined, isIdle = true) => ({ checkout: held, isIdle });
const waiter = (held: HeldCheckout, enqueuedAt: number) => ({ held, enqueuedAt });

test('everybody waits for a second one: the youngest is to be refused', () => {
  const waiting = [waiter(a, 1), waiter(b, 2)];
  expect(findSelfDeadlock([lent(a), lent(b)], waiting)).toBe(waiting[1]);
});

test('somebody holds one and does not wait', () => {
  expect(findSelfDeadlock([lent(a), lent(b)], [waiter(a, 1)])).toBeUndefined();
});

test('somebody’s statement is under way: its holder may go on', () => {
  expect(findSelfDeadlock([lent(a), lent(b, false)], [waiter(a, 1), waiter(b, 2)])).toBeUndefined();
});

test('a connection comes to rest, or runs a long statement of nobody’s', () => {
  expect(findSelfDeadlock([lent(a), lent(undefined)], [waiter(a, 1)])).toBeUndefined();
});

test('nothing is lent', () => {
  expect(findSelfDeadlock([], [waiter(a, 1)])).toBeUndefined();
});

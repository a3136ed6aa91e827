import { expect, test } from 'vitest';
import { Revocations } from './revocations.ts';

test('remembers what was revoked, for its time', () => {
  const revocations = new Revocations(100);
  revocations.add('a', 10, 10);
  revocations.add('b', 60, 60);
  expect(revocations.at('a')).toBe(10);
  revocations.add('c', 110, 110);
  expect([revocations.at('a'), revocations.at('b'), revocations.size]).toEqual([undefined, 60, 2]);
  expect(revocations.forgottenUntil).toBe(Number.NEGATIVE_INFINITY);
});

test('when there is too much, knows until when it has forgotten some', () => {
  const revocations = new Revocations(1_000, 2);
  revocations.add('a', 10, 10);
  revocations.add('b', 20, 20);
  revocations.add('a', 25, 25);
  revocations.add('c', 30, 30);
  expect([revocations.at('a'), revocations.at('b'), revocations.at('c')]).toEqual([
    25,
    undefined,
    30,
  ]);
  expect(revocations.forgottenUntil).toBe(20);
});

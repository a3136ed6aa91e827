import { expect, test } from 'vitest';
import { Losses } from './losses.ts';

test('when as many were lost of late as are left, those are suspect', () => {
  const losses = new Losses();
  expect([losses.add(0, 6), losses.add(1, 5), losses.add(2, 4)]).toEqual([false, false, false]);
  expect(losses.add(3, 4)).toBe(true);
  expect(losses.add(4, 4)).toBe(false);
});

test('single losses are nothing', () => {
  const losses = new Losses();
  for (let i = 0; i < 20; i++) expect(losses.add(i * 6_000, 2)).toBe(false);
});

test('nobody is left to be replaced', () => {
  const losses = new Losses();
  for (let i = 0; i < 20; i++) expect(losses.add(i, 0)).toBe(false);
});

import { expect, test } from 'vitest';
import { seededRandom } from './random.ts';

function take(count: number, seed: number): number[] {
  const random = seededRandom(seed);
  return Array.from({ length: count }, () => random());
}

test('is mulberry32', () => {
  expect(take(2, 0)).toEqual([0.26642920868471265, 0.0003297457005828619]);
  expect(take(1, 1)).toEqual([0.6270739405881613]);
});

test('the same seed gives the same numbers, another one others', () => {
  expect(take(50, 7)).toEqual(take(50, 7));
  expect(take(50, 7)).not.toEqual(take(50, 8));
});

test('numbers are from 0 to 1, in all its parts', () => {
  const numbers = take(10_000, 3);
  expect(Math.min(...numbers)).toBeGreaterThanOrEqual(0);
  expect(Math.max(...numbers)).toBeLessThan(1);
  for (let tenth = 0; tenth < 10; tenth++) {
    const count = numbers.filter((number) => Math.floor(number * 10) === tenth).length;
    expect(count).toBeGreaterThan(900);
    expect(count).toBeLessThan(1_100);
  }
});

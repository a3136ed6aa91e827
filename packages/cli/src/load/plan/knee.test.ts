import { expect, test } from 'vitest';
import { kneeOf, nextRate, type Tried } from './knee.ts';

const bounds = { first: 50, most: 1_000 };
const held = (...rates: number[]): Tried[] => rates.map((rate) => ({ rate, held: true }));
const lost = (...rates: number[]): Tried[] => rates.map((rate) => ({ rate, held: false }));

test.each([
  ['begins with the first', [], 50],
  ['doubles', held(50, 100), 200],
  ['tries the highest of all', held(600), 1_000],
  ['and no more than that', held(1_000), undefined],
  ['tries once more what is lost', [...held(50), ...lost(100)], 100],
  ['which may have been a stumble', [...held(50), ...lost(100), ...held(100)], 200],
  ['halves what is lost at once', lost(50, 50), 25],
  ['gives up where not even one a second is held', lost(1, 1), undefined],
  ['goes between, by the geometric mean', [...held(100), ...lost(200, 200)], 140],
  ['is content with a tenth', [...held(190), ...lost(200, 200)], undefined],
  ['takes no luck above a loss', [...held(50), ...lost(100, 100), ...held(200)], 71],
  ['small rates are whole', [...held(1), ...lost(2, 2)], undefined],
] as const)('%s', (_, tried, next) => {
  expect(nextRate(tried, bounds)).toBe(next);
});

test.each([
  [held(50, 100), { held: 100, lost: null }],
  [lost(50), { held: null, lost: 50 }],
  [[...held(50), ...lost(100, 80), ...held(90)], { held: 50, lost: 80 }],
])('the knee', (tried, knee) => {
  expect(kneeOf(tried)).toEqual(knee);
});

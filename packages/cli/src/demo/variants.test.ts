import { expect, test } from 'vitest';
import { ROUNDS } from './measure-rounds.ts';
import { orderOfRound, variants } from './variants.ts';

test('over the rounds, each comes first, second and last equally often', () => {
  const orders = Array.from({ length: ROUNDS }, (_, round) => orderOfRound(variants, round));
  for (const order of orders) expect(new Set(order)).toEqual(new Set(variants));
  for (const variant of variants) {
    const places = orders.map((order) => order.indexOf(variant)).sort();
    expect(places).toEqual([0, 1, 2]);
  }
});

test('the given order stays as it was', () => {
  const all = ['a', 'b', 'c'];
  expect([0, 1, 2, 3].map((round) => orderOfRound(all, round).join(''))).toEqual([
    'abc',
    'bca',
    'cab',
    'abc',
  ]);
  expect(all).toEqual(['a', 'b', 'c']);
});

test('one thing differs from each to the next', () => {
  const settings = variants.map(({ name, env }) => [name, env.POOL, env.REPAIRED]);
  expect(settings).toEqual([
    ['stock', 'stock', '0'],
    ['lifeguard', 'lifeguard', '0'],
    ['repaired', 'lifeguard', '1'],
  ]);
});

import { expect, test } from 'vitest';
import { occupancyOf } from './occupancy.ts';

const connections = {
  max: 10,
  total: 6,
  idle: 2,
  checkedOut: 3,
  shared: 1,
  connecting: 0,
  peak: 6,
  used: 4,
};

test('a pool’s connections: held, shared, idle, not open', () => {
  const places = occupancyOf({ kind: 'pool', connections });
  expect(places.map(({ label, count }) => [label, count])).toEqual([
    ['held by one caller', 3],
    ['shared by short statements', 1],
    ['idle', 2],
    ['not open', 4],
  ]);
});

test('a server’s have no lanes, and those that are not open are free', () => {
  const places = occupancyOf({
    kind: 'server',
    connections: { ...connections, total: 5, shared: 0 },
  });
  expect(places.map(({ label, count }) => [label, count])).toEqual([
    ['at work or in a transaction', 3],
    ['idle', 2],
    ['free', 5],
  ]);
});

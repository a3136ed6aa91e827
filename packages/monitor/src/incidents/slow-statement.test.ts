import { expect, test } from 'vitest';
import { madeUpStats, statement } from '../testing/pool-stats.ts';
import { detectSlowStatements } from './slow-statement.ts';

test.each([
  [999, 0],
  [1_000, 1],
])('a mean of %d ms makes %d incidents', (meanMillis, incidents) => {
  const stats = madeUpStats({ statements: [statement({ meanMillis, maxMillis: 60_000 })] });
  expect(detectSlowStatements(stats)).toHaveLength(incidents);
});

test('tells how often, how long, and which', () => {
  const slow = statement({
    executions: 4,
    meanMillis: 2_500,
    maxMillis: 130_000,
    totalMillis: 10_000,
  });
  expect(detectSlowStatements(madeUpStats({ statements: [statement(), slow] }))).toEqual([
    {
      kind: 'slow-statement',
      title: 'a statement takes 2.5 s on average',
      evidence: ['ran 4 times, at worst 2 min', 'statement: SELECT * FROM products'],
      cause: expect.stringContaining('its connection serves nobody else'),
      remedy: expect.stringContaining('EXPLAIN (ANALYZE, BUFFERS)'),
      weight: 10_000,
      statement: 'SELECT * FROM products',
    },
  ]);
});

import { expect, test } from 'vitest';
import type { StatementStats } from '../wire.ts';
import { groupStatements } from './statement-groups.ts';

const stats = (statement: string, executions: number, totalMillis: number): StatementStats => ({
  statement,
  owners: [],
  executions,
  errors: 1,
  totalMillis,
  meanMillis: totalMillis / executions,
  maxMillis: totalMillis,
});

test('lists of any length are one statement, and the costliest comes first', () => {
  const groups = groupStatements([
    stats('SELECT 1', 1, 25),
    stats('SELECT … FROM users WHERE id IN ($1,$2) OFFSET $3', 2, 10),
    stats('SELECT … FROM users WHERE id IN ($1,$2,$3,$4) OFFSET $5', 3, 20),
    stats('SELECT … FROM users WHERE name = $1 LIMIT $2', 1, 1),
  ]);
  expect(groups).toEqual([
    {
      ...stats('SELECT … FROM users WHERE id IN (…) OFFSET ?', 5, 30),
      errors: 2,
      maxMillis: 20,
    },
    stats('SELECT 1', 1, 25),
    stats('SELECT … FROM users WHERE name = $1 LIMIT $2', 1, 1),
  ]);
});

test.each([
  ['IN ($1)', 'IN (…)'],
  ['IN (?,?) AND b = $3', 'IN (…) AND b = ?'],
  ['IN ($1, $2)', 'IN (…)'],
  ['IN ($1,$2,$3…', 'IN (…)'],
  ['IN (SELECT a)', 'IN (SELECT a)'],
])('%s', (text, shown) => {
  expect(groupStatements([stats(text, 1, 1)])[0]?.statement).toBe(shown);
});

test.each([['SELECT a WHERE id IN ($1,$2,$3) OFFS…'], ['SELECT a WHERE id IN ($1,$2,$3,$4…']])(
  'a list that left no room for the rest is the same with a shorter one: %s',
  (cut) => {
    const whole = stats('SELECT a WHERE id IN ($1) OFFSET $2', 2, 10);
    expect(groupStatements([stats(cut, 3, 30), whole])).toMatchObject([
      { statement: 'SELECT a WHERE id IN (…) OFFSET ?', executions: 5 },
    ]);
    expect(groupStatements([stats(cut, 3, 30), stats('SELECT b', 1, 1)])).toHaveLength(2);
  },
);

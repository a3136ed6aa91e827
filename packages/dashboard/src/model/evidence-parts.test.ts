import { expect, test } from 'vitest';
import { evidenceParts } from './evidence-parts.ts';

const NOW = new Date(2026, 2, 1, 12, 0, 0);
const marked = (line: string) =>
  evidenceParts(line, NOW)
    .map(({ text, isCode }) => (isCode ? `[${text}]` : text))
    .join('');

test.each([
  ['2,420 callers wait now', '2,420 callers wait now'],
  ['called at routes/account.js:11:46', 'called at [routes/account.js:11:46]'],
  [
    'idle for longest between Order.create at reserveOrder (routes/reserve.js:28:21) and Order.update at routes/checkout.js:14:24',
    'idle for longest between Order.create at [reserveOrder (routes/reserve.js:28:21)] and Order.update at [routes/checkout.js:14:24]',
  ],
  [
    'the call: prisma.a.findMany({ where: { b: … } })',
    'the call: [prisma.a.findMany({ where: { b: … } })]',
  ],
  [
    'statement: SELECT 1 WHERE a IN ($1,$2,$3) LIMIT $4',
    'statement: [SELECT 1 WHERE a IN (…) LIMIT ?]',
  ],
  [
    'pid 7 of shop, idle in transaction for 31.0 s: UPDATE a SET b = ?',
    'pid 7 of shop, idle in transaction for 31.0 s: [UPDATE a SET b = ?]',
  ],
  [
    '35 % of its time was spent on SELECT … FROM a',
    '35 % of its time was spent on [SELECT … FROM a]',
  ],
  [
    'the last attempt to connect met: connect ECONNREFUSED 127.0.0.1:5432',
    'the last attempt to connect met: connect ECONNREFUSED 127.0.0.1:5432',
  ],
])('%s', (line, shown) => {
  expect(marked(line)).toBe(shown);
});

test('a moment is told by the clock of whoever reads it', () => {
  const at = new Date(2026, 2, 1, 11, 57, 3);
  expect(marked(`it is open since ${at.toISOString()}`)).toBe('it is open since 11:57:03');
});

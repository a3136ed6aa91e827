import { expect, test } from 'vitest';
import { mostDue } from './rota.ts';

const intervals = { often: 5, seldom: 60 };

test.each([
  ['nothing was asked: in their order', 0, {}, 'often'],
  ['what was never asked comes first', 3, { often: 0 }, 'seldom'],
  ['nothing is due', 4, { often: 0, seldom: 1 }, undefined],
  ['due at its time', 5, { often: 0, seldom: 1 }, 'often'],
  ['what is late by more of its intervals', 61, { often: 55, seldom: 0 }, 'often'],
  ['and the other when it was just asked', 61, { often: 58, seldom: 0 }, 'seldom'],
])('%s', (_, now, askedAt, expected) => {
  expect(mostDue(now, askedAt, intervals)).toBe(expected);
});

test('none starves: looking every 2.5 s, each is asked about as often as it should be', () => {
  const often: Record<string, number> = { activity: 0, replication: 0, limits: 0, statements: 0 };
  const askedAt: Record<string, number> = {};
  const rota = { limits: 60_000, activity: 5_000, replication: 15_000, statements: 60_000 };
  for (let now = 0; now < 600_000; now += 2_500) {
    const question = mostDue(now, askedAt, rota);
    if (!question) continue;
    askedAt[question] = now;
    often[question] = (often[question] ?? 0) + 1;
  }
  expect(often.activity).toBeGreaterThanOrEqual(100);
  expect(often.replication).toBeGreaterThanOrEqual(35);
  expect(often.limits).toBeGreaterThanOrEqual(9);
  expect(often.statements).toBeGreaterThanOrEqual(9);
});

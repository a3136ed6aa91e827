import { describe, expect, test } from 'vitest';
import { SlowLog, slowLine } from './slow-log.ts';

const slow = (owner: string, part = {}) => ({
  owner,
  site: 'home (routes/home.ts:31:22)',
  route: 'GET /home',
  statement: undefined,
  millis: 1_340,
  waitMillis: 1_100,
  serverMillis: 240,
  attempts: 1,
  hasFailed: false,
  ...part,
});

describe('the log of slow operations', () => {
  test('tells the same one once in a minute, and how many there were meanwhile', () => {
    const log = new SlowLog();
    const alikeAt = (now: number) => log.notice('main', slow('Product.findMany'), now)?.alike;
    expect([0, 1_000, 59_999, 60_000, 120_000].map(alikeAt)).toEqual([
      0,
      undefined,
      undefined,
      2,
      0,
    ]);
  });

  test('twenty in a minute in all, and the rest later', () => {
    const log = new SlowLog();
    const told = (at: number) =>
      Array.from({ length: 30 }, (_, i) => log.notice('main', slow(`operation ${i}`), at)).filter(
        (record) => record !== undefined,
      );
    expect(told(0)).toHaveLength(20);
    expect(told(60_000).filter(({ alike }) => alike === 1)).toHaveLength(0);
    expect(told(120_000)).toHaveLength(20);
  });

  test('other places, and other statements, are others', () => {
    const log = new SlowLog();
    const parts = [{}, { site: 'other' }, { statement: 'SELECT a' }, { statement: 'SELECT b' }];
    expect(parts.map((part) => log.notice('main', slow('x', part), 0))).not.toContain(undefined);
    expect(log.notice('replica', slow('x'), 0)).toMatchObject({ pool: 'replica' });
  });
});

test('a line says where the time went', () => {
  const line = (part = {}) =>
    slowLine({ pool: 'main', alike: 0, ...slow('Product.findMany', part) });
  expect(line().text).toBe(
    'Product.findMany took 1.3 s: 1.1 s until it had a connection, 240 ms at the server; in GET /home, at home (routes/home.ts:31:22)',
  );
  const { text, details } = line({
    owner: undefined,
    site: undefined,
    route: undefined,
    statement: 'SELECT pg_sleep(?)',
    attempts: 3,
    hasFailed: true,
    alike: 4,
  });
  expect(text).toBe(
    'a statement failed after 1.3 s: 1.1 s until it had a connection, 240 ms at the server, 3 attempts: SELECT pg_sleep(?); 4 more like it since it was told last',
  );
  expect(details).toMatchObject({ slow: { pool: 'main', attempts: 3 } });
});

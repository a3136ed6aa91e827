import { describe, expect, test } from 'vitest';
import { holder, madeUpStats, owner } from '../testing/pool-stats.ts';
import { detectIdleInTransaction } from './idle-in-transaction.ts';

describe('ended checkouts', () => {
  test.each([
    [
      'idle for half of the time, 50 ms each',
      { checkouts: 10, heldMillis: 1_000, idleMillis: 500 },
      1,
    ],
    ['idle for less than half', { checkouts: 10, heldMillis: 1_001, idleMillis: 500 }, 0],
    ['idle for less than 50 ms each', { checkouts: 10, heldMillis: 499, idleMillis: 499 }, 0],
    ['never idle', { checkouts: 10, heldMillis: 90_000, idleMillis: 0 }, 0],
  ])('%s', (_, cost, incidents) => {
    expect(detectIdleInTransaction(madeUpStats({ owners: [owner(cost)] }))).toHaveLength(incidents);
  });

  test('are told with what they cost', () => {
    const cost = { owner: '$transaction in POST /api/checkout', checkouts: 135 };
    const stats = madeUpStats({
      owners: [owner({ ...cost, heldMillis: 135 * 321, idleMillis: 135 * 307 })],
    });
    expect(detectIdleInTransaction(stats)).toEqual([
      {
        kind: 'idle-in-transaction',
        title:
          '$transaction in POST /api/checkout holds a connection for 321 ms and uses it for 14 ms',
        evidence: [
          '96 % of its hold time had no statement under way (seen 135 times)',
          'at 321 ms each, 5 connections allow 16 a second, whatever the server could do',
        ],
        cause: expect.stringContaining('a call to another service'),
        remedy: expect.stringContaining('Make the call outside'),
        weight: 135 * 307,
        owner: '$transaction in POST /api/checkout',
      },
    ]);
  });
});

describe('checkouts that are held now', () => {
  test('are found before they end', () => {
    const stats = madeUpStats({
      connections: { max: 1 },
      holders: [holder({ heldMillis: 600_000, idleMillis: 599_000 })],
    });
    const [incident] = detectIdleInTransaction(stats);
    expect(incident?.title).toBe(
      'Order.create holds a connection for 10 min and uses it for 1.0 s',
    );
    expect(incident?.evidence).toEqual([
      '100 % of its hold time had no statement under way (seen once)',
      'at 10 min each, 1 connection allows 0.1 a minute, whatever the server could do',
    ]);
  });

  test('count with the ended ones of their owner', () => {
    const stats = madeUpStats({
      owners: [owner({ checkouts: 1, heldMillis: 100, idleMillis: 80 })],
      holders: [holder({ heldMillis: 200, idleMillis: 160 }), holder({ owner: 'other' })],
    });
    const [incident, ...others] = detectIdleInTransaction(stats);
    expect(incident?.evidence[0]).toMatch(/^80 % .*\(seen 2 times\)$/);
    expect(incident?.weight).toBe(240);
    expect(others).toEqual([]);
  });

  test('may wait outside of a transaction, as one that listens does', () => {
    const listener = holder({ heldMillis: 600_000, idleMillis: 599_000, inTransaction: false });
    expect(detectIdleInTransaction(madeUpStats({ holders: [listener] }))).toEqual([]);
  });
});

describe('in a window of 30 s, with 5 connections', () => {
  const around = { seconds: 30 };
  test.each([
    ['5 % of their time', { checkouts: 75, heldMillis: 8_000, idleMillis: 7_500 }, 1],
    ['less than that', { checkouts: 74, heldMillis: 8_000, idleMillis: 7_499 }, 0],
    [
      'a fifth, beside slow statements',
      { checkouts: 150, heldMillis: 90_000, idleMillis: 30_000 },
      1,
    ],
    ['hardly a fifth', { checkouts: 149, heldMillis: 90_000, idleMillis: 29_999 }, 0],
    ['a fifth, in short pauses', { checkouts: 151, heldMillis: 90_000, idleMillis: 30_000 }, 0],
  ])('ended checkouts that cost %s', (_, cost, incidents) => {
    const stats = madeUpStats({ owners: [owner(cost)] });
    expect(detectIdleInTransaction(stats, around)).toHaveLength(incidents);
  });

  test.each([
    [1_000, 1],
    [999, 0],
  ])('one that has been idle for %d ms', (idleMillis, incidents) => {
    const stats = madeUpStats({
      holders: [holder({ heldMillis: idleMillis, idleMillis, site: 'shop.ts:12:3' })],
    });
    const found = detectIdleInTransaction(stats, around);
    expect(found).toHaveLength(incidents);
    if (incidents === 0) return;
    expect(found[0]).toMatchObject({ isUnderWay: true, owner: 'Order.create' });
    expect(found[0]?.evidence).toContain('taken at shop.ts:12:3');
  });
});

test('where it was idle for longest is told, of those that have ended and of one that goes on', () => {
  const pauseAt =
    'between Order.create at place (orders.ts:9:5) and Product.update at place (orders.ts:20:5)';
  const times = { heldMillis: 400, idleMillis: 300, pauseAt };
  const told = [{ owners: [owner(times)] }, { holders: [holder(times)] }].map(
    (part) => detectIdleInTransaction(madeUpStats(part))[0]?.evidence,
  );
  for (const evidence of told) expect(evidence).toContain(`idle for longest ${pauseAt}`);
});

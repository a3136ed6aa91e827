import { describe, expect, test } from 'vitest';
import { fanOut, madeUpStats, owner, statement } from '../testing/pool-stats.ts';
import { findIncidents } from './find-incidents.ts';

const everything = madeUpStats({
  counts: { shed: 9_000_000, timeouts: 9_000, connectFailures: 1 },
  wait: { p99Millis: 10_000 },
  owners: [owner({ heldMillis: 400, idleMillis: 300 })],
  fanOuts: [fanOut({ requests: 2, peak: 50 })],
  statements: [statement({ meanMillis: 2_000, totalMillis: 8_000_000 })],
  lastConnectError: 'sorry, too many clients already',
});

describe('findIncidents', () => {
  test('a pool that is well has none', () => {
    expect(findIncidents(madeUpStats())).toEqual([]);
  });

  test('causes stand before symptoms, whatever the symptoms weigh', () => {
    expect(findIncidents(everything).map(({ kind, weight }) => [kind, weight])).toEqual([
      ['too-many-clients', 1],
      ['idle-in-transaction', 300],
      ['fan-out', 100],
      ['slow-statement', 8_000_000],
      ['pool-exhausted', 90_000_000],
      ['overload-shed', 9_000_000],
    ]);
  });

  test('the costliest of equals comes first', () => {
    const stats = {
      ...everything,
      fanOuts: [fanOut({ route: 'GET /a', requests: 1, peak: 5 }), fanOut({ requests: 90 })],
    };
    expect(
      findIncidents(stats)
        .slice(1, 4)
        .map(({ kind, weight }) => [kind, weight]),
    ).toEqual([
      ['fan-out', 4_500],
      ['idle-in-transaction', 300],
      ['fan-out', 5],
    ]);
  });

  test('each says what happens, its numbers, why, and what to do', () => {
    for (const { title, evidence, cause, remedy } of findIncidents(everything)) {
      expect(evidence.length).toBeGreaterThan(0);
      expect([title, ...evidence].join(' ')).toMatch(/\d/);
      for (const text of [title, ...evidence, cause, remedy]) {
        expect(text).not.toBe('');
        expect(text).not.toMatch(/undefined|NaN|Infinity|\[object|\n/);
      }
    }
  });
});

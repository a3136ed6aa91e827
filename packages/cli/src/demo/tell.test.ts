import { expect, test } from 'vitest';
import { madeUpIncident, madeUpLoad, madeUpResult } from '../testing/results.ts';
import { PHASES } from './measure-outage.ts';
import { loadOf, tell } from './tell.ts';
import { variants } from './variants.ts';

test('tells throughput of those who ask again, waits of those who come by the clock, and why', () => {
  const result = madeUpResult([
    [
      { throughput: 13.7, served: 146, failed: 75 },
      { p50: 2_700, p99: 3_200 },
    ],
    [
      { throughput: 11, served: 117, failed: 0 },
      { p50: 3.8, p99: 37 },
    ],
    [{ throughput: 8.2 }, { served: 0, failed: 9 }],
  ]);
  expect(tell(result)).toBe(
    'Checkout: the stock pool served 14 a second, 34 % failed; ' +
      'Lifeguard with the same code 11 a second (0.8 ×), none failed; ' +
      'repaired 8.2 a second (0.6 ×), none failed. ' +
      '(It keeps one of the 5 connections for others, and these held the rest.) ' +
      'Product pages beside it (half of the visitors waited longer than the first figure, one in a hundred longer than the second): ' +
      '2.7 s and 3.2 s with the stock pool, 3.8 ms and 37 ms with Lifeguard, nobody repaired. ' +
      'Why: The transaction waits for something else.',
  );
});

test('explains less throughput only where a connection is kept for others', () => {
  const kept = /keeps one of the/;
  const loads = (throughput: number) =>
    [[{ throughput: 100 }, {}] as const, [{ throughput }, {}] as const] as const;
  expect(tell(madeUpResult(loads(94)))).toMatch(kept);
  expect(tell(madeUpResult(loads(96)))).not.toMatch(kept);
  expect(tell({ ...madeUpResult(loads(94)), connectionLimit: 2 })).not.toMatch(kept);
});

test('compares with nothing where the stock pool served nobody', () => {
  const result = madeUpResult([[{ throughput: 0, served: 0, failed: 5 }, {}]]);
  expect(tell(result)).toContain('the stock pool served 0.0 a second, 100 % failed; Lifeguard');
  expect(tell(result)).toContain('same code 10 a second, none failed;');
});

test('says so when no cause was reported', () => {
  expect(tell(madeUpResult([], []))).toMatch(/Lifeguard reported no cause\.$/);
});

test('tells of an outage who was answered while it lasted, and after', () => {
  const [stream] = madeUpIncident.streams;
  if (!stream) throw new Error('no stream');
  const loads = [
    [0, 100, 8, 10],
    [0, 100, 10, 10],
    [97, 100, 10, 10],
  ] as const;
  const result = {
    ...madeUpResult([]),
    incident: { ...madeUpIncident, outageSeconds: 10 },
    variants: variants.map((variant, index) => {
      const [away = 0, ofAway = 0, after = 0, ofAfter = 0] = loads[index] ?? [];
      return {
        variant,
        connections: 1,
        streams: [
          { stream: PHASES.away, load: madeUpLoad({ served: away, failed: ofAway - away }) },
          { stream: PHASES.after, load: madeUpLoad({ served: after, failed: ofAfter - after }) },
        ],
      };
    }),
  };
  expect(tell(result)).toBe(
    'While the server was away for 10 s, the stock pool answered 0 of 100 requests; Lifeguard with the same code 0 of 100; ' +
      'repaired 97 of 100, from its cache and marked as such. In the seconds after its return: 8 of 10, all 10, all 10. ' +
      'Why: The transaction waits for something else.',
  );
});

test('loadOf finds the stream of the variant, and refuses what is not there', () => {
  const result = madeUpResult([
    [{}, {}],
    [{}, { served: 42 }],
  ]);
  expect(loadOf(result, 'lifeguard', 'product pages').served).toBe(42);
  expect(() => loadOf(result, 'repaired', 'homepage')).toThrow(
    "no result of 'homepage' with 'repaired'",
  );
});

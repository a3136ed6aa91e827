import { expect, test } from 'vitest';
import { madeUpReport, madeUpResult } from '../testing/results.ts';
import type { Comparison } from './comparison.ts';
import { toJson } from './json.ts';
import { tell } from './tell.ts';

const compared: Comparison = {
  database: 'PostgreSQL 18.4 (embedded)',
  networkMillis: 1,
  poolTimeoutSeconds: 5,
  rounds: 3,
  secondsPerRound: 1,
  node: 'v20.19.0',
  cores: 2,
};

test('holds the whole comparison', () => {
  const result = madeUpResult([[{ served: 146, failed: 75, errors: { 'http 503': 75 } }, {}]]);
  const json = JSON.parse(toJson(compared, [result]));
  expect(Object.keys(json)).toEqual(['version', 'compared', 'incidents']);
  expect(json).toMatchObject({
    version: 1,
    compared,
    incidents: [
      {
        name: 'checkout',
        title: 'A payment call inside a transaction',
        connectionLimit: 5,
        told: tell(result),
        report: [madeUpReport],
        variants: [
          {
            variant: 'stock',
            connections: 3,
            streams: [
              {
                stream: 'checkout',
                model: 'closed',
                served: 146,
                failed: 75,
                errors: { 'http 503': 75 },
                latencyMillis: { p50: 1, p99: 2 },
              },
              { stream: 'product pages', model: 'open' },
            ],
          },
          { variant: 'lifeguard', connections: 4 },
          { variant: 'repaired', connections: 5 },
        ],
      },
    ],
  });
});

test('leaves out the encoded histograms, which only the testkit reads', () => {
  const json = toJson(compared, [madeUpResult([])]);
  expect(json).not.toContain('histogram');
});

test('no incidents are an empty list', () => {
  expect(JSON.parse(toJson(compared, []))).toEqual({ version: 1, compared, incidents: [] });
});

import { expect, test } from 'vitest';
import { fanOut, madeUpStats } from '../testing/pool-stats.ts';
import { detectFanOuts } from './fan-out.ts';

test('no fan-outs, no incident', () => {
  expect(detectFanOuts(madeUpStats())).toEqual([]);
});

test('names the route, what it sends, and how often', () => {
  const stats = madeUpStats({ connections: { max: 1 }, fanOuts: [fanOut()] });
  expect(detectFanOuts(stats)).toEqual([
    {
      kind: 'fan-out',
      title: 'GET /api/home sends up to 50 × Product.findMany at once',
      evidence: [
        'seen in 3 requests; the pool may open 1 connection',
        'statement: SELECT * FROM products WHERE category = $1',
      ],
      cause: expect.stringContaining('asks for 50 statements where one would do'),
      remedy: expect.stringContaining('instead of calling Product.findMany 50 times'),
      weight: 150,
      route: 'GET /api/home',
      owner: 'Product.findMany',
      statement: 'SELECT * FROM products WHERE category = $1',
    },
  ]);
});

test('each has an incident of its own', () => {
  const one = fanOut({ requests: 1, peak: 5 });
  const incidents = detectFanOuts(madeUpStats({ fanOuts: [fanOut({ route: 'GET /a' }), one] }));
  expect(incidents.map(({ title }) => title)).toEqual([
    'GET /a sends up to 50 × Product.findMany at once',
    'GET /api/home sends up to 5 × Product.findMany at once',
  ]);
  expect(incidents[1]?.evidence[0]).toBe('seen in 1 request; the pool may open 5 connections');
});

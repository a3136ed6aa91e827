import { expect, test } from 'vitest';
import { compare } from '../compare/compare.ts';
import {
  madeUpClosed,
  madeUpGood,
  madeUpPhase,
  madeUpSamples,
  madeUpSteps,
} from '../testing/made-up.ts';
import { chartsOf } from './charts.ts';
import { comparisonCharts } from './compare-charts.ts';
import { comparisonPage } from './compare-page.ts';
import { html } from './markup.ts';
import { reportPage } from './report-page.ts';

test('whatever is put into markup is escaped, but markup itself', () => {
  const nasty = `<img src=x onerror="alert('1')">`;
  expect(
    html`<p title="${nasty}">${html`<b>${nasty}</b>`}${[html`1`, html`2`]}${false}</p>`.html,
  ).toBe(
    '<p title="&lt;img src=x onerror=&quot;alert(&#39;1&#39;)&quot;&gt;"><b>&lt;img src=x onerror=&quot;alert(&#39;1&#39;)&quot;&gt;</b>12</p>',
  );
});

test('a page holds all that it needs, and nothing that others wrote runs in it', () => {
  const { database, monitor } = madeUpSamples();
  const evil = '</script><script>alert(1)</script>';
  const page = reportPage(
    madeUpSteps({
      database: { ...database, where: evil, states: { [evil]: database.at.map(() => 1) } },
      monitor: { ...monitor, pools: monitor.pools.map((pool) => ({ ...pool, name: evil })) },
      target: { url: `http://127.0.0.1/?q=${evil}`, method: 'GET', bodyBytes: 0, headers: [] },
    }),
  );
  expect(page).not.toContain('<script>alert');
  expect(page).not.toMatch(/(src|href)="(?!data:)/);
  expect(page).toMatch(/content="default-src &#39;none&#39;; script-src &#39;sha256-/);
  expect(page).toContain('P2024');
});

test('tells what the terminal tells', () => {
  const result = madeUpSteps(madeUpSamples());
  const page = reportPage(result).replace(/&#39;/g, "'");
  for (const words of [
    result.verdict,
    '800/s',
    '46 %',
    '9.7 s',
    'findManyGrouped',
    'idle in transaction',
  ]) {
    expect(page).toContain(words);
  }
  expect(reportPage(madeUpClosed())).toContain('was 129 ms');
});

test('charts: percentiles on an axis of 1/(1 - p), a curve for each step', () => {
  const [percentiles, rate] = chartsOf(madeUpSteps());
  expect(percentiles).toMatchObject({ x: 'percentile', isLog: true });
  expect(percentiles?.lines.map(({ label, colour }) => [label, colour])).toEqual([
    ['100/s', '--accent-light'],
    ['400/s', '--accent'],
    ['800/s', '--fail'],
  ]);
  const at = percentiles?.at ?? [];
  expect(at).toEqual([...at].sort((a, b) => a - b));
  // 99 % lies at 100, and there the second step took 38 ms.
  expect(percentiles?.lines[1]?.values[at.indexOf(100)]).toBeCloseTo(37.7, 0);
  expect(rate?.lines.map(({ label }) => label)).toEqual(['served', 'failed', 'offered']);
});

test('a single load shows the service apart; many steps only some curves', () => {
  expect(chartsOf(madeUpGood())[0]?.lines.map(({ label }) => label)).toEqual([
    'latency',
    'service alone',
  ]);
  const many = Array.from({ length: 12 }, (_, i) => ({
    ...madeUpPhase({ rate: 10 * (i + 1), served: 100, latency: [1, 9] }),
    held: true,
    because: null,
  }));
  expect(chartsOf(madeUpSteps({ phases: many }))[0]?.lines.map(({ label }) => label)).toEqual([
    '10/s',
    '90/s',
    '100/s',
    '110/s',
    '120/s',
  ]);
});

test('what was not looked at has no chart, what never happened neither', () => {
  const ids = (result: Parameters<typeof chartsOf>[0]) => chartsOf(result).map(({ id }) => id);
  expect(ids(madeUpGood())).toEqual(['percentiles', 'rate', 'latency', 'in-flight']);
  expect(ids(madeUpSteps(madeUpSamples()))).toEqual([
    'percentiles',
    'rate',
    'latency',
    'failures',
    'in-flight',
    'pool-main',
    'pending-main',
    'states',
    'locks',
  ]);
});

test('kinds of failure beyond four are one', () => {
  const errors = { a: 50, b: 40, c: 30, d: 20, e: 10 };
  const phase = madeUpPhase({ rate: 10, served: 100, errors, latency: [1, 9] });
  const result = madeUpSteps({
    phases: [{ ...phase, held: false, because: 'errors' }],
    failures: new Map(),
    timeline: {
      ...madeUpGood().timeline,
      failures: { a: [5], b: [4], c: [3], d: [2], e: [1] },
    },
  });
  const chart = chartsOf(result).find(({ id }) => id === 'failures');
  expect(chart?.lines.map(({ label, values }) => [label, values[0]])).toEqual([
    ['a', 5],
    ['b', 4],
    ['c', 3],
    ['others', 3],
  ]);
});

test('two results stand on the same axes', () => {
  const comparison = compare(madeUpSteps(madeUpSamples()), madeUpGood());
  const charts = comparisonCharts(comparison);
  expect(charts.map(({ title }) => title)).toEqual([
    'Latency by percentile, at 800/s',
    'Served',
    'Latency, p99',
    'Failures',
    'Requests under way',
  ]);
  for (const { lines } of charts) expect(lines.map(({ label }) => label)).toEqual(['A', 'B']);
  const page = comparisonPage(comparison, ['before.json', '<after>.json']);
  expect(page).toContain('At 800/s B served 1.9 × as many');
  expect(page).toContain('&lt;after&gt;.json');
});

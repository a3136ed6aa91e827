import { expect, test } from 'vitest';
import type { CallSite } from '../context/call-site.ts';
import type { Owner } from '../context/owner.ts';
import { Repeats } from '../context/repeats.ts';
import { FakeClock } from '../testing/fake-clock.ts';
import { describeFinding, Findings } from './findings.ts';

const TEXT = "SELECT * FROM products WHERE category = 'toys'";

function siteIn(name: string): CallSite {
  return { toString: () => name, stack: '' } as CallSite;
}

/** A request that sends `count` statements, one after the other or all at once. */
function send(
  findings: Findings,
  { route = 'GET /', count = 5, text = TEXT, owner = { label: 'Product.findMany' } as Owner } = {},
  repeats = new Repeats(),
  clock = new FakeClock(),
) {
  const found = [];
  for (let i = 0; i < count; i++) {
    const statement = repeats.begin(text, owner, clock);
    if (!statement) continue;
    const finding = statement.sent >= 5 && findings.notice(route, statement);
    if (finding) found.push(finding);
    clock.advance(20);
    if (isInTurn(findings)) statement.end();
  }
  return found;
}

const inTurn = new WeakSet<Findings>();
const isInTurn = (findings: Findings) => inTurn.has(findings);
function loops() {
  const findings = new Findings('in-turn');
  inTurn.add(findings);
  return findings;
}

test('statements at once: requests and the most of them', () => {
  const findings = new Findings('at-once');
  expect(send(findings, { count: 8 })).toHaveLength(1);
  expect(send(findings)).toEqual([]);
  expect(findings.list().map(describeFinding)).toMatchObject([
    {
      route: 'GET /',
      owner: 'Product.findMany',
      statement: 'SELECT * FROM products WHERE category = ?',
      requests: 2,
      most: 8,
    },
  ]);
});

test('a request counts once, however the number under way goes up and down', () => {
  const findings = new Findings('at-once');
  const repeats = new Repeats();
  const clock = new FakeClock();
  send(findings, {}, repeats, clock);
  for (let i = 0; i < 20; i++) {
    repeats.begin(TEXT, undefined, clock)?.end();
    send(findings, { count: 1 }, repeats, clock);
  }
  expect(findings.list()).toMatchObject([{ requests: 1 }]);
});

test('statements in turn: how many, how long, and after what', () => {
  const findings = loops();
  const repeats = new Repeats();
  const clock = new FakeClock();
  repeats
    .begin('SELECT list', { label: 'Order.findMany', site: siteIn('list.ts:1:1') }, clock)
    ?.end();
  const owner = { label: 'Product.findFirst', site: siteIn('loop.ts:2:2') };
  const [found] = send(findings, { count: 7, owner }, repeats, clock);
  send(findings, { count: 6, owner });
  expect(findings.list()).toEqual([found]);
  expect(found).toMatchObject({
    owner: 'Product.findFirst',
    site: 'loop.ts:2:2',
    after: 'Order.findMany at list.ts:1:1',
    requests: 2,
    most: 7,
    calls: 13,
    millis: 6 * 20 + 5 * 20,
  });
});

test('calls from several places are no loop, until one of them is', () => {
  const findings = loops();
  const repeats = new Repeats();
  const clock = new FakeClock();
  for (let i = 0; i < 6; i++) {
    const owner = { label: 'Session.findUnique', site: siteIn(`part-${i}.ts`) };
    send(findings, { count: 1, owner }, repeats, clock);
  }
  expect(findings.list()).toEqual([]);
  const owner = { label: 'Session.findUnique', site: siteIn('loop.ts') };
  send(findings, { count: 10, owner }, repeats, clock);
  expect(findings.list()).toMatchObject([{ site: 'loop.ts' }]);
});

test('the owner is asked once what to write instead, with what the calls were', () => {
  const asked: unknown[] = [];
  const owner: Owner = {
    label: 'Product.findMany',
    advise(calls, pattern) {
      asked.push([calls.length, calls.at(-1) === owner, pattern]);
      return { call: 'findMany(…)', rewrite: 'findManyGrouped(…)' };
    },
  };
  const findings = loops();
  send(findings, { count: 30, owner });
  send(findings, { count: 30, owner });
  expect(asked).toEqual([[5, true, 'in-turn']]);
  expect(findings.list()).toMatchObject([
    { call: 'findMany(…)', rewrite: 'findManyGrouped(…)', requests: 2 },
  ]);
});

test('further statements of the same calls are no finding of their own', () => {
  const findings = new Findings('at-once');
  const owner = { label: 'Product.findMany', site: siteIn('home.ts:3:1') };
  expect(send(findings, { owner })).toHaveLength(1);
  expect(send(findings, { owner, text: 'SELECT relations' })).toEqual([]);
  expect(findings.list()).toMatchObject([{ text: TEXT, requests: 1 }]);
});

test('the costliest first, and never endlessly many', () => {
  const findings = new Findings('at-once');
  for (let i = 0; i < 200; i++) send(findings, { route: `GET /${i}` });
  send(findings, { route: 'GET /50', count: 40 });
  expect(findings.list()).toHaveLength(100);
  expect(findings.list()[0]).toMatchObject({ route: 'GET /50', requests: 2, most: 40 });
});

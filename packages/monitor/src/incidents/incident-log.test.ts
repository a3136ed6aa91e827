import type { PoolStats } from '@lifeguard/pool';
import { beforeEach, expect, test } from 'vitest';
import { madeUpStats } from '../testing/pool-stats.ts';
import type { Incident } from './incident.ts';
import { IncidentLog } from './incident-log.ts';

let log: IncidentLog;
let at: number;

beforeEach(() => {
  log = new IncidentLog('main', (moment) => new Date(moment));
  at = 0;
});

const incident = (part: Partial<Incident> = {}): Incident => ({
  kind: 'leak',
  title: 'a title',
  evidence: ['1'],
  cause: 'a cause',
  remedy: 'a remedy',
  weight: 1,
  ...part,
});

/** Looks a second later, and returns what has changed. */
function note(incidents: Incident[], totals: PoolStats = madeUpStats(), before = madeUpStats()) {
  at += 1_000;
  return log
    .note({ at, incidents, totals, before })
    .map(({ type, incident: { id } }) => `${type} ${id}`);
}

const timeouts = (count: number) => madeUpStats({ counts: { timeouts: count } });
const exhausted = incident({ kind: 'pool-exhausted' });

test('one cause is one incident, whatever its numbers are', () => {
  expect(note([incident({ owner: 'a', title: '1', weight: 1 })])).toEqual(['began main-1']);
  expect(note([incident({ owner: 'a', title: '2', weight: 9 })])).toEqual([]);
  expect(log.active()).toMatchObject([{ title: '2', weight: 9, episodes: 1 }]);
});

test.each(['owner', 'route', 'site', 'statement', 'subject'] as const)(
  'two with another %s are two',
  (field) => {
    expect(note([incident({ [field]: 'a' }), incident({ [field]: 'b' })])).toHaveLength(2);
  },
);

test('it is over when it has not been seen for half a minute, since it was last seen', () => {
  note([incident()]);
  for (let i = 0; i < 29; i++) expect(note([])).toEqual([]);
  expect(note([])).toEqual(['over main-1']);
  expect(log.active()).toEqual([]);
  expect(log.past()).toMatchObject([{ overSince: new Date(1_000).toISOString() }]);
});

test('a short pause is no end', () => {
  for (let i = 0; i < 5; i++) {
    note([incident()]);
    for (let j = 0; j < 29; j++) expect(note([])).toEqual([]);
  }
  expect(log.active()).toMatchObject([{ episodes: 1 }]);
});

test('what is counted is over when nothing more is counted, though the window still shows it', () => {
  expect(note([exhausted], timeouts(7), timeouts(2))).toEqual(['began main-1']);
  expect(log.active()).toMatchObject([{ count: 5 }]);
  note([exhausted], timeouts(10));
  for (let i = 0; i < 29; i++) expect(note([exhausted], timeouts(10))).toEqual([]);
  expect(note([exhausted], timeouts(10))).toEqual(['over main-1']);
  // The window still shows it: that is no new one.
  expect(note([exhausted], timeouts(10))).toEqual([]);
  expect(log.past()).toMatchObject([{ count: 8, overSince: new Date(2_000).toISOString() }]);
  expect(note([exhausted], timeouts(11))).toEqual(['began main-1']);
  expect(log.active()).toMatchObject([{ count: 9, episodes: 2, overSince: null }]);
});

test('what goes on now lasts, though nothing is counted', () => {
  const stuck = { ...exhausted, isUnderWay: true };
  for (let i = 0; i < 60; i++) note([stuck], timeouts(0));
  expect(log.active()).toMatchObject([{ count: 1, lastSeen: new Date(60_000).toISOString() }]);
});

test('a symptom is explained by the causes that are there, the costliest first', () => {
  note([
    incident({ kind: 'slow-statement', statement: 'b', weight: 5 }),
    incident({ kind: 'idle-in-transaction', owner: 'a', weight: 9 }),
    exhausted,
  ]);
  const byKind = Object.fromEntries(log.active().map((one) => [one.kind, one]));
  expect(byKind['pool-exhausted']?.explainedBy).toEqual([
    byKind['idle-in-transaction']?.id,
    byKind['slow-statement']?.id,
  ]);
  expect(byKind['slow-statement']?.explainedBy).toEqual([]);
});

test('a symptom is not explained by what has no part in it', () => {
  note([
    incident({ kind: 'replica-lagging', subject: 'r1' }),
    incident({ kind: 'slow-statement', statement: 'b' }),
    incident({ kind: 'server-down' }),
    incident({ kind: 'breaker-opened' }),
  ]);
  const byKind = Object.fromEntries(log.active().map((one) => [one.kind, one]));
  expect(byKind['breaker-opened']?.explainedBy).toEqual([byKind['server-down']?.id]);
});

test('what looked like a look-up of every request is explained by the loop that it was', () => {
  note([
    incident({ kind: 'hot-look-up', owner: 'a', statement: 'a' }),
    incident({ kind: 'hot-look-up', owner: 'b', statement: 'b' }),
    incident({ kind: 'n-plus-one', owner: 'a', statement: 'a' }),
  ]);
  const [loop, ...lookUps] = log.active();
  expect(loop?.kind).toBe('n-plus-one');
  expect(lookUps.map(({ owner, explainedBy }) => [owner, explainedBy])).toEqual([
    ['a', [loop?.id]],
    ['b', []],
  ]);
});

test('neither endless causes nor a long life fill the memory', () => {
  for (let i = 0; i < 500; i++) note([incident({ owner: `owner ${i}` })]);
  expect(log.active().length).toBeLessThanOrEqual(30);
  expect(log.past()).toHaveLength(200);
  note(Array.from({ length: 5_000 }, (_, i) => incident({ site: `site ${i}` })));
  expect(log.active().length).toBeLessThanOrEqual(100);
});

import { expect, test } from 'vitest';
import type { Standby } from './queries/replication.ts';
import { follow, isSomebodyMissing, type Standbys } from './standbys.ts';

const standby = (name: string, part: Partial<Standby> = {}): Standby => ({
  name,
  client: '10.0.0.1',
  state: 'streaming',
  replays: true,
  isSynchronous: false,
  lagBytes: 0,
  lagMillis: 0,
  slot: null,
  ...part,
});

/** What is known after a look every five seconds, as `r1 there`, `r1 missing`, `r1 lost`. */
function afterLooks(...looks: readonly (readonly Standby[])[]): string[] {
  let known: Standbys | undefined;
  for (const [i, standbys] of looks.entries()) {
    known = follow(known, { standbys, timeline: '1' }, i * 5_000);
  }
  return (known?.known ?? []).map(
    ({ standby: { name, client }, missingSince, isLost }) =>
      `${name} ${client} ${missingSince === null ? 'there' : isLost ? 'lost' : 'missing'}`,
  );
}

const R1 = standby('r1');
const R2 = standby('r2', { client: '10.0.0.2' });

test('one that is listed no more is missing, and lost after ten seconds', () => {
  expect(afterLooks([R1, R2], [R2])).toEqual(['r2 10.0.0.2 there', 'r1 10.0.0.1 missing']);
  expect(afterLooks([R1, R2], [R2], [R2])).toContain('r1 10.0.0.1 missing');
  expect(afterLooks([R1, R2], [R2], [R2], [R2])).toContain('r1 10.0.0.1 lost');
});

test('one that comes back is there, also from another address', () => {
  expect(afterLooks([R1], [], [], [], [R1])).toEqual(['r1 10.0.0.1 there']);
  const moved = standby('r1', { client: '10.0.0.9' });
  expect(afterLooks([R1], [], [], [], [moved])).toEqual(['r1 10.0.0.9 there']);
});

test('of several with one name, as many are lost as there are fewer', () => {
  const twins = ['10.0.0.1', '10.0.0.2', '10.0.0.3'].map((client) => standby('w', { client }));
  const [, second, third] = twins as [Standby, Standby, Standby];
  const left = [second, third];
  expect(afterLooks(twins, left, left, left)).toEqual([
    'w 10.0.0.2 there',
    'w 10.0.0.3 there',
    'w 10.0.0.1 lost',
  ]);
});

test.each([
  ['a backup that is over', standby('pg_basebackup', { replays: false })],
  ['the first copy of a table', standby('pg_16394_sync_16385_7104')],
  ['what receives the log and replays none of it', standby('archive', { replays: false })],
])('%s is no lost replica', (_, tool) => {
  expect(afterLooks([tool], [], [], [])).toEqual([]);
});

test('one whose state may not be seen is a replica by its name', () => {
  const unseen = standby('r1', { state: null, replays: false });
  expect(afterLooks([unseen], [], [], [])).toEqual(['r1 10.0.0.1 lost']);
});

test('another server in the primary’s place has standbys of its own', () => {
  const before = follow(undefined, { standbys: [R1, R2], timeline: '1' }, 0);
  const after = follow(before, { standbys: [R2], timeline: '2' }, 5_000);
  expect(after.known.map(({ standby: { name } }) => name)).toEqual(['r2']);
});

test('after a day one that is lost is forgotten, and never more than 20 are remembered', () => {
  const many = Array.from({ length: 50 }, (_, i) => standby(`r${i}`));
  const before = follow(undefined, { standbys: many, timeline: '1' }, 0);
  const gone = follow(before, { standbys: [], timeline: '1' }, 1_000);
  expect(gone.known).toHaveLength(20);
  const day = 24 * 3_600_000;
  expect(follow(gone, { standbys: [], timeline: '1' }, day).known).toHaveLength(20);
  expect(follow(gone, { standbys: [], timeline: '1' }, day + 1_000).known).toEqual([]);
});

test('while somebody is missing it is worth while to look again soon', () => {
  const there = follow(undefined, { standbys: [R1], timeline: '1' }, 0);
  const missing = follow(there, { standbys: [], timeline: '1' }, 5_000);
  const lost = follow(missing, { standbys: [], timeline: '1' }, 15_000);
  expect([there, missing, lost].map(isSomebodyMissing)).toEqual([false, true, false]);
});

import { EventEmitter } from 'node:events';
import type { PoolStats } from '@lifeguard/pool';
import { beforeEach, expect, test } from 'vitest';
import type { Inbox, Source } from './inbox.ts';
import { RemotePools } from './remote-pools.ts';
import { madeUpStats } from './testing/made-up.ts';

const inbox = new EventEmitter();
let now = 0;
let pools: RemotePools;

beforeEach(() => {
  inbox.removeAllListeners();
  now = 0;
  pools = new RemotePools(inbox as unknown as Inbox, () => now);
});

const source = (pid: number, thread = 0): Source => ({
  kind: 'hello',
  pid,
  thread,
  program: 'server.js',
});

function report(from: Source, id = 1, stats: PoolStats = madeUpStats(), ended = false): void {
  const pool = { id, mode: 'observe', stats, ended };
  inbox.emit('message', { kind: 'report', pools: [pool], unwatched: 0 }, from);
}

test('each has a name of its own, as short as tells it from the others', () => {
  report(source(1));
  report(source(1), 2);
  report(source(1), 3);
  report(source(2));
  report(source(2, 4));
  report(source(1));
  expect(Object.keys(pools.shown())).toEqual([
    'server.js',
    'server.js (1)',
    'server.js (1) #2',
    'server.js (2)',
    'server.js (2, thread 4)',
  ]);
});

test('of a process that is gone nobody holds or waits for anything; what was counted stays', () => {
  const busy = madeUpStats({
    connections: { total: 5, idle: 0, checkedOut: 5 },
    pending: 9,
    counts: { statements: 70 },
    holders: [
      {
        id: 1,
        owner: 'x',
        heldMillis: 1,
        idleMillis: 0,
        inTransaction: false,
        statements: 1,
        site: undefined,
      },
    ],
  });
  report(source(1), 1, busy);
  report(source(2), 1, busy);
  inbox.emit('gone', source(1));
  const [gone, living] = Object.values(pools.shown()).map((pool) => pool.stats());
  expect(gone).toMatchObject({
    connections: { max: 5, total: 0, checkedOut: 0, peak: 5 },
    pending: 0,
    holders: [],
    counts: { statements: 70 },
  });
  expect(living?.pending).toBe(9);
});

test('what has ended is shown for a quarter of an hour, and told of to the end', () => {
  report(source(1), 1, madeUpStats(), true);
  report(source(2));
  now = 900_001;
  expect(Object.keys(pools.shown())).toEqual(['server.js (2)']);
  expect(pools.all).toHaveLength(2);
});

test('a program that is started anew again and again does not fill the page', () => {
  for (let pid = 1; pid <= 80; pid++) {
    report(source(pid));
    inbox.emit('gone', source(pid));
  }
  report(source(99));
  const shown = Object.keys(pools.shown());
  expect(shown).toHaveLength(50);
  expect(shown.at(-1)).toBe('server.js (99)');
});

test('a leak that a process tells reaches whoever listens to the pool', () => {
  report(source(1));
  const heard: unknown[] = [];
  pools.all[0]?.on('leak', (leak) => heard.push(leak));
  inbox.emit('message', { kind: 'leak', pool: 1, leak: { owner: 'x' } }, source(1));
  inbox.emit('message', { kind: 'leak', pool: 7, leak: { owner: 'y' } }, source(1));
  expect(heard).toEqual([{ owner: 'x' }]);
});

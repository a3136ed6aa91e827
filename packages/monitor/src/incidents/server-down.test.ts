import { expect, test } from 'vitest';
import { madeUpStats } from '../testing/pool-stats.ts';
import { detectServerDown } from './server-down.ts';

const REFUSED = 'connect ECONNREFUSED 127.0.0.1:5432';
const cut = { total: 0, idle: 0, max: 10 };

test.each([
  [REFUSED, 'the database server cannot be reached', /pg_isready/],
  ['the database system is starting up', 'the server is starting, stopping or recovering', /Wait/],
  ['password authentication failed for user "shop"', 'the server refused the login', /psql/],
  ['something new', 'no connection to the database can be opened', /pg_isready/],
])('without a connection, the last attempt met %s', (lastConnectError, title, remedy) => {
  const stats = madeUpStats({
    connections: cut,
    pending: 3,
    counts: { connectFailures: 7 },
    lastConnectError,
  });
  expect(detectServerDown(stats, { seconds: 30 })).toMatchObject([
    {
      kind: 'server-down',
      title,
      evidence: [
        `the last attempt to connect met: ${lastConnectError}`,
        '7 attempts failed in the last 30 s',
        '3 callers waiting',
      ],
      remedy: expect.stringMatching(remedy),
      isUnderWay: true,
    },
  ]);
});

test('a new attempt under way is no connection yet', () => {
  const connections = { ...cut, total: 1, connecting: 1 };
  const stats = madeUpStats({ connections, lastConnectError: REFUSED });
  expect(detectServerDown(stats)).toHaveLength(1);
});

test.each([
  ['connections that work', { connections: { total: 1 }, lastConnectError: REFUSED }],
  ['no attempt that failed', { connections: cut }],
  [
    'a server that is full',
    { connections: cut, lastConnectError: 'sorry, too many clients already' },
  ],
])('%s: not down', (_, made) => {
  expect(detectServerDown(madeUpStats(made))).toEqual([]);
});

test('a server that no longer answers is down, whatever connections there are', () => {
  const ping = new Error('no answer within 5000 ms');
  expect(detectServerDown(madeUpStats(), { ping })).toMatchObject([
    {
      kind: 'server-down',
      evidence: [expect.stringContaining('no answer within'), expect.any(String)],
    },
  ]);
  expect(detectServerDown(madeUpStats(), { ping: 2_000 })).toEqual([]);
});

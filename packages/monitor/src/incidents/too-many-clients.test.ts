import { expect, test } from 'vitest';
import { madeUpStats } from '../testing/pool-stats.ts';
import { detectTooManyClients } from './too-many-clients.ts';

const CLIENTS = 'sorry, too many clients already';

test.each([
  CLIENTS,
  'too many connections for role "shop"',
  'remaining connection slots are reserved for roles with the SUPERUSER attribute',
])('found in: %s', (lastConnectError) => {
  const stats = madeUpStats({ lastConnectError, counts: { connectFailures: 1 } });
  expect(detectTooManyClients(stats)).toHaveLength(1);
});

test.each([undefined, '', 'connect ECONNREFUSED 127.0.0.1:5432', 'password authentication failed'])(
  'not found in: %s',
  (lastConnectError) => {
    const stats = madeUpStats({ lastConnectError, counts: { connectFailures: 9 } });
    expect(detectTooManyClients(stats)).toEqual([]);
  },
);

test('an old refusal is no incident', () => {
  expect(detectTooManyClients(madeUpStats({ lastConnectError: CLIENTS }))).toEqual([]);
});

test('tells what the server said and what the pool has', () => {
  const [incident] = detectTooManyClients(
    madeUpStats({
      connections: { max: 10, total: 4 },
      counts: { connectFailures: 7 },
      lastConnectError: CLIENTS,
    }),
  );
  expect(incident).toMatchObject({
    kind: 'too-many-clients',
    evidence: [
      `it said: ${CLIENTS}`,
      '7 attempts failed; this pool has 4 of the 10 that it may open',
    ],
    remedy: expect.stringContaining('instances × limit'),
    weight: 7,
  });
});

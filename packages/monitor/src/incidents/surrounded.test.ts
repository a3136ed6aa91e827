import type { BreakerStatus } from '@lifeguard/guard';
import { describe, expect, test } from 'vitest';
import { madeUpStats } from '../testing/pool-stats.ts';
import { madeUpServer } from '../testing/server.ts';
import { detectBreakerOpened } from './breaker-opened.ts';
import { detectReplicaLagging } from './replica-lagging.ts';
import { detectReplicaLost } from './replica-lost.ts';
import { detectSelfDeadlocks } from './self-deadlock.ts';

describe('replicas', () => {
  test.each([
    ['5 s behind', { isUp: true, lagMillis: 5_000 }, 'the replica r1 is 5.0 s behind'],
    ['less', { isUp: true, lagMillis: 4_999 }, undefined],
    ['8 MB behind', { isUp: true, lagBytes: 8_388_608 }, 'the replica r1 is 8.0 MB behind'],
    ['nearly', { isUp: true, lagBytes: 8_388_607 }, undefined],
    ['quick, with much to replay', { isUp: true, lagMillis: 10, lagBytes: 9e9 }, undefined],
    ['nothing is known', { isUp: true }, undefined],
    ['down, which is an incident of its own', { isUp: false, lagMillis: 90_000 }, undefined],
  ])('%s', (_, status, title) => {
    const found = detectReplicaLagging(madeUpStats(), { replicas: [{ name: 'r1', ...status }] });
    expect(found.map((incident) => incident.title)).toEqual(title ? [title] : []);
  });

  test('say whether reads still go there', () => {
    const replicas = [{ name: 'r1', isUp: true, lagMillis: 90_000, isUsed: false }];
    expect(detectReplicaLagging(madeUpStats(), { replicas })).toMatchObject([
      {
        subject: 'r1',
        evidence: ['90.0 s behind the primary', 'no reads go to it now; the others serve them'],
      },
    ]);
  });
});

describe('a replica that is lost', () => {
  const found = (status: object) =>
    detectReplicaLost(madeUpStats(), { replicas: [{ name: 'r1', isUp: false, ...status }] })[0];

  test('does not answer whoever reads from it', () => {
    expect(found({ isUsed: false })).toMatchObject({
      kind: 'replica-lost',
      title: 'the replica r1 does not answer',
      evidence: ['no reads go to it now; the others serve them'],
      subject: 'r1',
      isUnderWay: true,
    });
    expect(found({ isUp: true })).toBeUndefined();
  });

  test('has left its primary, which keeps log for it', () => {
    const lostSince = '2026-03-01T11:58:07.000Z';
    expect(found({ lostSince, slot: 'r1_slot', keptBytes: 3_355_443_200 })).toMatchObject({
      title: 'the replica r1 is gone: it receives no more changes',
      evidence: [
        `not among the server’s standbys (pg_stat_replication) since ${lostSince}`,
        'its slot r1_slot keeps 3.1 GB of log on the primary’s disk until it returns',
      ],
      remedy: expect.stringContaining("`SELECT pg_drop_replication_slot('r1_slot')`"),
    });
    expect(found({ lostSince })?.remedy).not.toContain('slot');
  });
});

describe('a server that is a standby itself', () => {
  test.each([
    ['behind', { lagMillis: 8_000 }, 1],
    ['hardly behind', { lagMillis: 400 }, 0],
    ['not asked now', { lagMillis: 8_000, problem: 'it does not answer' }, 0],
    ['none', { lagMillis: null }, 0],
  ])('%s', (_, part, count) => {
    const server = madeUpServer({ isReplica: true, ...part });
    const found = detectReplicaLagging(madeUpStats(), { server });
    expect(found.map(({ title }) => title)).toEqual(
      Array(count).fill('the server is a standby, 8.0 s behind its primary'),
    );
  });
});

describe('a breaker', () => {
  const since = new Date('2026-03-01T12:00:00Z');
  test.each([
    ['closed', undefined],
    ['open', 'the breaker refuses callers'],
    ['half-open', 'the breaker refuses callers'],
    ['returning', 'the breaker lets callers back in'],
  ] as const)('that is %s', (state, title) => {
    const breaker: BreakerStatus = {
      state,
      retryAfterMillis: 4_000,
      ...(state !== 'closed' && { since, reason: '5 failures in a row; the last: unreachable' }),
    };
    const found = detectBreakerOpened(madeUpStats(), { breaker });
    expect(found.map((incident) => incident.title)).toEqual(title ? [title] : []);
    if (!title) return;
    expect(found[0]?.evidence).toEqual([
      `it is ${state} since 2026-03-01T12:00:00.000Z`,
      'why it opened: 5 failures in a row; the last: unreachable',
      'next attempt in 4.0 s',
    ]);
  });
});

describe('whoever asks for a second connection', () => {
  const nested = {
    holder: '$transaction in POST /orders',
    holderSite: 'orders.ts:8:3',
    asks: 'Author.count',
    site: 'orders.ts:12:9',
  };
  test('is named with both places', () => {
    const stats = madeUpStats({ nested: [{ ...nested, count: 4, waited: 4, refused: 1 }] });
    expect(detectSelfDeadlocks(stats, { seconds: 30 })).toMatchObject([
      {
        kind: 'self-deadlock',
        title:
          '$transaction in POST /orders asks for a second connection (Author.count) while it holds one',
        evidence: [
          'seen 4 times in the last 30 s; had to wait for it 4 times; 1 caller was refused, because everybody who held a connection waited so',
          'asked for at orders.ts:12:9',
          'the one that it holds was taken at orders.ts:8:3',
        ],
        owner: nested.holder,
        site: nested.site,
      },
    ]);
  });

  test('may not even have had to wait yet', () => {
    const stats = madeUpStats({ nested: [{ ...nested, count: 1, waited: 0, refused: 0 }] });
    expect(detectSelfDeadlocks(stats)[0]?.evidence[0]).toBe(
      'seen once since the pool began; had to wait for it never; none was refused',
    );
  });
});

import { describe, expect, test } from 'vitest';
import { askRule, severityOf } from '../../testing/ask-rule.ts';
import { database, identity, NOW } from '../../testing/made-up.ts';

const MB = 1024 * 1024;
const DAY = 86_400;

describe('replication', () => {
  const replica = (lagSeconds: number | null, lagBytes: number | null = 0) => ({
    replication: {
      replicas: [{ name: 'r', state: 'streaming', lagBytes, lagSeconds }],
      standby: null,
      slots: [],
    },
  });
  test.each([
    [replica(4), undefined],
    [replica(5), 'warning'],
    [replica(60), 'critical'],
    [replica(null, 64 * MB), 'warning'],
    [replica(null, null), undefined],
    [{ replication: { replicas: [], standby: { lagSeconds: 60 }, slots: [] } }, 'critical'],
  ])('replication-lag %#: %s', (facts, severity) => {
    expect(severityOf('replication-lag', facts)).toBe(severity);
  });

  const slot = (facts: object) => ({
    replication: {
      replicas: [],
      standby: null,
      slots: [
        {
          name: 's',
          type: 'physical',
          isActive: false,
          retainedBytes: 0,
          walStatus: 'reserved',
          ...facts,
        },
      ],
    },
  });
  test.each([
    [slot({ isActive: true }), undefined],
    [slot({}), 'info'],
    [slot({ retainedBytes: 100 * MB }), 'warning'],
    [slot({ retainedBytes: 10_240 * MB }), 'critical'],
    [slot({ walStatus: 'lost', isActive: true }), 'critical'],
  ])('inactive-slot %#: %s', (facts, severity) => {
    expect(severityOf('inactive-slot', facts)).toBe(severity);
  });
});

test.each([
  [{ transactionAge: 499_999_999 }, undefined],
  [{ transactionAge: 500_000_000 }, 'warning'],
  [{ multixactAge: 500_000_000 }, 'warning'],
  [{ transactionAge: 1_500_000_000 }, 'critical'],
])('wraparound %j: %s', (facts, severity) => {
  expect(severityOf('wraparound', { databases: [database(facts)] })).toBe(severity);
});

test.each([
  [79, undefined],
  [80, 'warning'],
  [95, 'critical'],
])('sequence-exhaustion at %d of 100: %s', (last, severity) => {
  const sequences = [{ name: 'public.s', last, highest: 100, column: 'public."Order".id' }];
  expect(severityOf('sequence-exhaustion', { sequences })).toBe(severity);
  if (severity) {
    expect(askRule('sequence-exhaustion', { sequences })[0]?.remedies[0]?.code).toContain(
      'ALTER TABLE public."Order" ALTER COLUMN id TYPE bigint;',
    );
  }
});

test.each([
  [180_004, undefined],
  [150_018, undefined],
  [140_020, 'warning'],
  [90_624, 'warning'],
  [190_000, undefined],
])('server-version %d in November 2026: %s', (versionNumber, severity) => {
  expect(severityOf('server-version', { identity: identity({ versionNumber }) })).toBe(severity);
});

test('the end of a version is told half a year before', () => {
  const facts = { identity: identity({ versionNumber: 150_018 }) };
  expect(severityOf('server-version', { ...facts, now: NOW + 170 * DAY * 1_000 })).toBe('info');
});

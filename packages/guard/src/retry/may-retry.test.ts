import { describe, expect, test } from 'vitest';
import { EXPLANATIONS } from '../diagnose/catalogue.ts';
import type { DiagnosisKind } from '../diagnose/types.ts';
import { mayRetry, type OperationKind, type Repeatability } from './may-retry.ts';

const OPERATIONS: readonly { kind: OperationKind; idempotent?: boolean }[] = [
  { kind: 'read' },
  { kind: 'write' },
  { kind: 'write', idempotent: true },
  { kind: 'transaction' },
];

type Row = readonly [Repeatability, Repeatability, Repeatability, Repeatability];

const ALL: Row = ['yes', 'yes', 'yes', 'yes'];
const NONE: Row = ['no', 'no', 'no', 'no'];
const UNLESS_TWICE_HARMS: Row = ['yes', 'may-have-run', 'yes', 'may-have-run'];

/** For a read, a write, an idempotent write and a transaction. */
const EXPECTED: { readonly [kind in DiagnosisKind]: Row } = {
  'app-pool-exhausted': ALL,
  'overload-shed': ALL,
  'tx-start-timeout': ALL,
  'tx-expired': NONE,
  'tx-pool-self-deadlock': NONE,
  'client-leak': NONE,
  'lifecycle-misuse': NONE,
  'server-max-connections': ALL,
  'role-connection-limit': ALL,
  unreachable: ALL,
  'server-terminated': UNLESS_TWICE_HARMS,
  'server-starting': ALL,
  'stale-connection': UNLESS_TWICE_HARMS,
  'idle-in-transaction-killed': NONE,
  'statement-timeout': NONE,
  'lock-timeout': ['yes', 'no', 'yes', 'no'],
  'write-conflict-deadlock': ['yes', 'no', 'yes', 'yes'],
  'pooler-max-clients': ALL,
  'pooler-session-mode-limit': ALL,
  'pooler-queue-timeout': ALL,
  'pooler-cannot-reach-server': ALL,
  'prepared-statement-pooling': NONE,
  misrouted: NONE,
  authentication: NONE,
  tls: NONE,
  constraint: NONE,
  'not-found': NONE,
  unknown: NONE,
};

describe('mayRetry', () => {
  test.each(Object.keys(EXPECTED) as DiagnosisKind[])('%s, as it usually is', (kind) => {
    const { outcome, transient } = EXPLANATIONS[kind];
    const row = OPERATIONS.map((operation) => mayRetry({ kind, outcome, transient }, operation));
    expect(row).toEqual(EXPECTED[kind]);
  });

  test('a write that may have run is never repeated, whatever its kind', () => {
    for (const kind of Object.keys(EXPECTED) as DiagnosisKind[]) {
      for (const transient of [true, false]) {
        for (const operation of ['write', 'transaction'] as const) {
          const found = { kind, outcome: 'unknown', transient } as const;
          expect(mayRetry(found, { kind: operation })).not.toBe('yes');
        }
      }
    }
  });

  test('a transaction of which certainly nothing was kept is run again when its connection was lost', () => {
    const found = { outcome: 'failed', transient: true } as const;
    const repeat = (kind: DiagnosisKind, operation: OperationKind) =>
      mayRetry({ ...found, kind }, { kind: operation });
    expect(repeat('server-terminated', 'transaction')).toBe('yes');
    expect(repeat('stale-connection', 'transaction')).toBe('yes');
    expect(repeat('stale-connection', 'write')).toBe('no');
    expect(repeat('lock-timeout', 'transaction')).toBe('no');
  });

  test('what is not to be begun again is not, not even when it was not sent', () => {
    for (const kind of Object.keys(EXPECTED) as DiagnosisKind[]) {
      const found = { kind, outcome: 'not-sent', transient: true } as const;
      expect(mayRetry(found, { kind: 'once' })).toBe('no');
    }
  });

  test('an unknown error that says nothing was sent is believed', () => {
    const found = { kind: 'unknown', outcome: 'not-sent', transient: false } as const;
    expect(mayRetry(found, { kind: 'write' })).toBe('yes');
  });
});

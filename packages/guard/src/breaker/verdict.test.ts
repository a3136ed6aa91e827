import { expect, test } from 'vitest';
import { diagnose } from '../diagnose/diagnose.ts';
import {
  bug,
  connectionLost,
  connectionRefused,
  poolTimeout,
  uniqueViolation,
  writeConflict,
} from '../testing/failures.ts';
import { type Verdict, verdictOf } from './verdict.ts';

test.each<[Verdict, unknown]>([
  ['lost', connectionLost()],
  ['lost', connectionRefused()],
  ['lost', { code: '57P01' }],
  ['lost', { code: '57P03' }],
  ['lost', { code: '53300' }],
  ['lost', { code: 'P1001' }],
  ['lost', { code: 'P1017' }],
  ['slow', poolTimeout()],
  ['slow', { code: 'P2024' }],
  ['slow', new Error('Unable to start a transaction in the given time.')],
  // The wait was in vain because the server is full.
  ['lost', Object.assign(poolTimeout(), { cause: { code: '53300' } })],
  // Nobody can log in; but a read-only server has answered.
  ['lost', { code: '28P01' }],
  ['lost', { code: '3D000' }],
  ['alive', { code: '25006' }],
  ['alive', uniqueViolation()],
  ['alive', { code: 'P2025' }],
  ['alive', writeConflict()],
  ['alive', { code: '55P03' }],
  ['nothing', { code: '57014' }],
  ['nothing', { code: 'LIFEGUARD_POOL_OVERLOADED', outcome: 'not-sent' }],
  ['nothing', bug()],
  ['nothing', undefined],
])('%s: %o', (verdict, error) => {
  expect(verdictOf(diagnose(error))).toBe(verdict);
});

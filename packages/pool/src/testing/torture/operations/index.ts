import type { Operation } from '../operation.ts';
import { CONVERSATIONS } from './conversations.ts';
import { ERRORS } from './errors.ts';
import { INTERRUPTED } from './interrupted.ts';
import { READS } from './reads.ts';
import { SESSION_STATE } from './session-state.ts';
import { TRANSACTIONS } from './transactions.ts';
import { WRITES } from './writes.ts';

/** What any pg.Pool is asked for. */
export const COMMON: readonly Operation[] = [
  ...READS,
  ...ERRORS,
  ...WRITES,
  ...TRANSACTIONS,
  ...CONVERSATIONS,
  ...INTERRUPTED,
  ...SESSION_STATE,
];

/** With what only this pool can do. */
export const ALL: readonly Operation[] = [...COMMON, ...INTERRUPTED];

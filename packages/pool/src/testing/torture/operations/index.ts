import type { Operation } from '../operation.ts';
import { CONVERSATIONS } from './conversations.ts';
import { ERRORS } from './errors.ts';
import { READS } from './reads.ts';
import { SESSION_STATE } from './session-state.ts';
import { TRANSACTIONS } from './transactions.ts';
import { WRITES } from './writes.ts';

export const OPERATIONS: readonly Operation[] = [
  ...READS,
  ...ERRORS,
  ...WRITES,
  ...TRANSACTIONS,
  ...CONVERSATIONS,
  ...SESSION_STATE,
];

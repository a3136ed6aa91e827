import type { Diagnosis } from '../diagnose/types.ts';

/**
 * What the operation does, on the caller's word. `read`: nothing that lasts. `write`: one statement, or
 * anything that changes something. `transaction`: `fn` runs one whole transaction, and may be run again
 * from its beginning.
 */
export type OperationKind = 'read' | 'write' | 'transaction';

/** What a retry looks at of the operation. */
export interface Operation {
  readonly kind: OperationKind;
  /** Doing it twice is harmless. */
  readonly idempotent?: boolean | undefined;
}

/**
 * `may-have-run`: it failed in passing, but to repeat it might do it twice. `no`: it would only fail
 * again, or is for the application to decide.
 */
export type Repeatability = 'yes' | 'may-have-run' | 'no';

/** Whether an operation that failed so may be repeated at all; how often and when is not asked here. */
export function mayRetry(
  { kind, outcome, transient }: Pick<Diagnosis, 'kind' | 'outcome' | 'transient'>,
  operation: Operation,
): Repeatability {
  // An error that nobody knows says of itself that nothing was sent: no reason to think that it lasts.
  if (outcome === 'not-sent' && (transient || kind === 'unknown')) return 'yes';
  if (!transient) return 'no';
  if (operation.kind === 'read' || operation.idempotent) return 'yes';
  if (outcome === 'unknown') return 'may-have-run';
  // Rolled back as a whole: PostgreSQL wants the whole transaction again, never a part of it.
  if (operation.kind === 'transaction' && kind === 'write-conflict-deadlock') return 'yes';
  return 'no';
}

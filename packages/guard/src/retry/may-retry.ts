import type { Diagnosis, DiagnosisKind } from '../diagnose/types.ts';

/**
 * What the operation does, on the caller's word. `read`: nothing that lasts. `write`: one statement, or
 * anything that changes something. `transaction`: `fn` runs one whole transaction, and may be run again
 * from its beginning. `once`: whatever it was, it is not begun again.
 */
export type OperationKind = 'read' | 'write' | 'transaction' | 'once';

/** What a retry looks at of the operation. */
export interface Operation {
  /** A function is asked when an attempt has failed: what the operation did may show only then. */
  readonly kind: OperationKind | ((diagnosis: Diagnosis, error: unknown) => OperationKind);
  /** Doing it twice is harmless. */
  readonly idempotent?: boolean | undefined;
}

/**
 * `may-have-run`: it failed in passing, but to repeat it might do it twice. `no`: it would only fail
 * again, or is for the application to decide.
 */
export type Repeatability = 'yes' | 'may-have-run' | 'no';

/** How a transaction ends that can well be run again, once it is certain that nothing of it was kept. */
const ENDS_A_TRANSACTION: ReadonlySet<DiagnosisKind> = new Set<DiagnosisKind>([
  'write-conflict-deadlock',
  'server-terminated',
  'stale-connection',
]);

export function kindOf({ kind }: Operation, diagnosis: Diagnosis, error: unknown): OperationKind {
  return typeof kind === 'function' ? kind(diagnosis, error) : kind;
}

/** Whether an operation that failed so may be repeated at all; how often and when is not asked here. */
export function mayRetry(
  { kind, outcome, transient }: Pick<Diagnosis, 'kind' | 'outcome' | 'transient'>,
  operation: { readonly kind: OperationKind; readonly idempotent?: boolean | undefined },
): Repeatability {
  if (operation.kind === 'once') return 'no';
  // An error that nobody knows says of itself that nothing was sent: no reason to think that it lasts.
  if (outcome === 'not-sent' && (transient || kind === 'unknown')) return 'yes';
  if (!transient) return 'no';
  if (operation.kind === 'read' || operation.idempotent) return 'yes';
  if (outcome === 'unknown') return 'may-have-run';
  // Rolled back as a whole: PostgreSQL wants the whole transaction again, never a part of it.
  if (operation.kind === 'transaction' && ENDS_A_TRANSACTION.has(kind)) return 'yes';
  return 'no';
}

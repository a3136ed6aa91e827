import type { Diagnosis } from '../diagnose/types.ts';

/** Of a diagnosis, what is short and safe to log. */
export type Finding = Pick<Diagnosis, 'kind' | 'title' | 'outcome' | 'transient' | 'code'>;

export type GiveUpReason =
  /** As many attempts as there may be were made. */
  | 'attempts'
  /** The pause before the next attempt would end after the deadline. */
  | 'deadline'
  /** A write may have taken effect, and is not idempotent. */
  | 'may-have-run'
  /** The breaker opened between two attempts. */
  | 'breaker-open'
  /** The caller's signal. */
  | 'aborted';

/** What became of a failed attempt. An error that is not for retries at all is passed on without one. */
export type RetryDecision =
  | {
      readonly type: 'retry';
      /** The attempt that failed, from 1. */
      readonly attempt: number;
      readonly delayMillis: number;
      readonly finding: Finding;
    }
  | {
      readonly type: 'give-up';
      readonly attempt: number;
      readonly reason: GiveUpReason;
      readonly finding: Finding;
    }
  | { readonly type: 'budget-exhausted'; readonly attempt: number; readonly finding: Finding };

export function findingOf({ kind, title, outcome, transient, code }: Diagnosis): Finding {
  return { kind, title, outcome, transient, ...(code !== undefined && { code }) };
}

import type { DiagnosisKind } from '../diagnose/types.ts';
import { GuardError } from '../errors/guard-error.ts';
import type { BreakerState } from './circuit.ts';

export interface BreakerOpenDetails {
  readonly state: Exclude<BreakerState, 'closed'>;
  readonly since: Date;
  readonly reason: string;
  readonly retryAfterMillis: number;
  readonly failure?: DiagnosisKind | undefined;
}

const WHAT_IT_DOES = {
  open: 'tries again',
  'half-open': 'waits for the answer to a probe, or sends another',
  returning: 'lets everybody through again',
} as const;

/**
 * Refused at once, because the database could not be reached a moment ago. Nothing was sent.
 *
 * The errors of other callers are not its cause: they may hold what is not this caller's to see.
 */
export class BreakerOpenError extends GuardError {
  override readonly code = 'LIFEGUARD_BREAKER_OPEN';
  override readonly outcome = 'not-sent';
  readonly state: Exclude<BreakerState, 'closed'>;
  /** When the breaker opened for the first time in this outage. */
  readonly since: Date;
  /** Why it opened, without anything of other callers' statements. */
  readonly reason: string;
  /** When a call may be let through again, in milliseconds from now. */
  readonly retryAfterMillis: number;
  /** What failed last, as `diagnose` calls it. */
  readonly failure: DiagnosisKind | undefined;

  constructor({ state, since, reason, retryAfterMillis, failure }: BreakerOpenDetails) {
    const wait = Math.ceil(retryAfterMillis);
    super(
      `refused at once: the circuit breaker is ${state} since ${since.toISOString()} (${reason}); within ${wait} ms it ${WHAT_IT_DOES[state]}`,
    );
    this.state = state;
    this.since = since;
    this.reason = reason;
    this.retryAfterMillis = wait;
    this.failure = failure;
  }
}

import { GuardError } from '../errors/guard-error.ts';

/**
 * The caller's deadline passed before an answer came.
 *
 * `outcome` is `unknown` when the operation was under way: it may still take effect. It is `not-sent`
 * when the deadline had passed before the operation began.
 */
export class DeadlineError extends GuardError {
  override readonly code = 'LIFEGUARD_DEADLINE';
  override readonly outcome: 'not-sent' | 'unknown';
  /** How long the operation had, in milliseconds. */
  readonly millis: number;

  constructor(millis: number, outcome: 'not-sent' | 'unknown') {
    super(
      outcome === 'unknown'
        ? `no answer within ${Math.round(millis)} ms, the caller's deadline: whether the operation took effect is not known`
        : "the caller's deadline had passed before the operation began: it was not sent",
    );
    this.millis = millis;
    this.outcome = outcome;
  }
}

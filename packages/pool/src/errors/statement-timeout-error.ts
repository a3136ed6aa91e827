import { type Outcome, PoolError, type PoolErrorDetails } from './pool-error.ts';

/** Of the server's error that callers look at: SQLSTATE, text and where it comes from. */
const SERVER_FIELDS = ['severity', 'detail', 'hint', 'where', 'file', 'line', 'routine'] as const;

/**
 * A statement took longer than its caller's deadline or than the limit for statements.
 *
 * `outcome` is `failed` when the server cancelled it (`cause` is the server's own error), `unknown` when
 * the pool stopped waiting: the statement may still have run.
 */
export class StatementTimeoutError extends PoolError {
  /** SQLSTATE query_canceled, as the server reports it. */
  override readonly code = '57014';
  override readonly outcome: Outcome;

  constructor(message: string, outcome: Outcome, details: PoolErrorDetails = {}) {
    super(message, details);
    this.outcome = outcome;
    const { cause } = details;
    if (typeof cause !== 'object' || cause === null) return;
    for (const field of SERVER_FIELDS) {
      const value: unknown = Reflect.get(cause, field);
      if (value !== undefined) Object.assign(this, { [field]: value });
    }
  }
}

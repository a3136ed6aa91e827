import type { PoolStats } from '../stats/pool-stats.ts';

/**
 * Whether the statement ran: `not-sent` (certainly not), `failed` (the server refused it),
 * `unknown` (it was sent and no answer came). This is what makes a retry safe.
 */
export type Outcome = 'not-sent' | 'unknown' | 'failed';

export interface PoolErrorDetails {
  readonly stats?: PoolStats | undefined;
  readonly cause?: unknown;
}

/** What the pool refuses a caller with. */
export class PoolError extends Error {
  /** Stable, for programs. */
  readonly code: string = 'LIFEGUARD_POOL';
  readonly outcome: Outcome = 'not-sent';
  /** The pool at that moment. */
  declare readonly stats: PoolStats | undefined;

  constructor(message: string, details: PoolErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    // Not enumerable: a logger that prints an error's properties would print the whole pool.
    Object.defineProperty(this, 'stats', { value: details.stats, configurable: true });
  }

  override get name(): string {
    return this.constructor.name;
  }
}

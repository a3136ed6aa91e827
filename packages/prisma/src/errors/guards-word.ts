import { BreakerOpenError, DeadlineError } from '@lifeguard/guard';
import { knownError } from './known-error.ts';
import type { PoolFacts } from './translate.ts';
import { poolTimeout, TOO_LONG, unreachable } from './words.ts';

/** What the guard refuses a caller with, in Prisma's words; anything else as it is. */
export function translateGuard(error: unknown, { options, server }: PoolFacts): unknown {
  if (error instanceof DeadlineError) {
    return knownError({ ...TOO_LONG, cause: error, outcome: error.outcome });
  }
  if (!(error instanceof BreakerOpenError)) return error;
  const word =
    error.failure === 'app-pool-exhausted' || error.failure === 'tx-start-timeout'
      ? poolTimeout(options)
      : unreachable(server());
  const meta = {
    ...word.meta,
    reason: 'breaker-open',
    retry_after: error.retryAfterMillis / 1_000,
  };
  return knownError({ ...word, meta, cause: error, outcome: error.outcome });
}

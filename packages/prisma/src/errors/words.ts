import type { PoolOptions } from '@lifeguard/pool';
import type { KnownErrorParts } from './known-error.ts';

/** How Prisma puts it: code, message and `meta`. */
export type Word = Pick<KnownErrorParts, 'code' | 'message' | 'meta'>;

/** Prisma 6's word and `meta`; `reason` is Lifeguard's addition. */
export function poolTimeout(options: PoolOptions, reason?: string): Word {
  const { max } = options;
  const timeout = options.connectionTimeoutMillis / 1_000;
  return {
    code: 'P2024',
    message: `Timed out fetching a new connection from the connection pool. More info: http://pris.ly/d/connection-pool (Current connection pool timeout: ${timeout}, connection limit: ${max})`,
    meta: { connection_limit: max, timeout, ...(reason !== undefined && { reason }) },
  };
}

export function unreachable(server: string): Word {
  return { code: 'P1001', message: `Can't reach database server at ${server}` };
}

export function tooManyConnections(message: string): Word {
  return { code: 'P2037', message: `Too many database connections opened: ${message}` };
}

export const CLOSED: Word = { code: 'P1017', message: 'Server has closed the connection.' };

export const TOO_LONG: Word = {
  code: 'P1008',
  message:
    'Operations timed out after `N/A`. Context: The database failed to respond to a query within the configured timeout',
};

export const NOT_STARTED: Word = {
  code: 'P2028',
  message: 'Transaction API error: Unable to start a transaction in the given time.',
};

/** @param operation what can't be done any more: `query`, `commit`. */
export function expired(operation: string, timeout: number, timeTaken: number): Word {
  return {
    code: 'P2028',
    message: `Transaction API error: A ${operation} cannot be executed on an expired transaction. The timeout for this transaction was ${timeout} ms, however ${timeTaken} ms passed since the start of the transaction. Consider increasing the interactive transaction timeout or doing less work in the transaction.`,
    meta: { operation, timeout, timeTaken },
  };
}

import {
  ConnectTimeoutError,
  PoolClosedError,
  PoolError,
  type PoolOptions,
  PoolOverloadedError,
  PoolTimeoutError,
  SelfDeadlockError,
  StatementTimeoutError,
} from '@lifeguard/pool';
import { PrismaClientKnownRequestError } from '@prisma/client/runtime/client';
import { clientVersion } from './client-version.ts';

interface KnownError {
  readonly code: string;
  readonly message: string;
  readonly meta?: Record<string, unknown>;
}

/**
 * The codes, messages and `meta` are those of Prisma 6, whose engine had a pool of its own:
 * handlers that were written for it work again.
 */
function knownErrorFor(error: PoolError, options: PoolOptions): KnownError | undefined {
  const limit = options.max;
  const timeout = options.connectionTimeoutMillis / 1_000;
  const poolTimeout = `Timed out fetching a new connection from the connection pool. More info: http://pris.ly/d/connection-pool (Current connection pool timeout: ${timeout}, connection limit: ${limit})`;
  if (error instanceof SelfDeadlockError) {
    const meta = { connection_limit: limit, timeout, reason: 'self-deadlock' };
    return { code: 'P2024', message: poolTimeout, meta };
  }
  if (error instanceof StatementTimeoutError) {
    return { code: 'P1008', message: 'Operations timed out: the statement took too long.' };
  }
  if (error instanceof PoolTimeoutError) {
    return { code: 'P2024', message: poolTimeout, meta: { connection_limit: limit, timeout } };
  }
  if (error instanceof PoolOverloadedError) {
    const meta = { connection_limit: limit, timeout, reason: 'overloaded' };
    return { code: 'P2024', message: poolTimeout, meta };
  }
  if (error instanceof ConnectTimeoutError) {
    return { code: 'P1001', message: `Can't reach database server at ${error.server}` };
  }
  if (error instanceof PoolClosedError) {
    return { code: 'P1017', message: 'Server has closed the connection.' };
  }
  return undefined;
}

/**
 * What Prisma is given for an error of the pool. Whatever else comes is passed on untouched.
 * The pool's own error, which names who held the connections, is its `cause`.
 */
export function toPrismaError(error: unknown, options: PoolOptions): unknown {
  if (!(error instanceof PoolError)) return error;
  const known = knownErrorFor(error, options);
  if (!known) return error;
  const { code, message, meta } = known;
  return withCause(
    new PrismaClientKnownRequestError(message, { code, clientVersion, ...(meta && { meta }) }),
    error,
  );
}

/** Not enumerable, as the causes of all errors are. */
export function withCause<E extends object>(error: E, cause: unknown): E {
  return Object.defineProperty(error, 'cause', {
    value: cause,
    configurable: true,
    writable: true,
  });
}

import { diagnose } from '@lifeguard/guard';
import {
  ConnectTimeoutError,
  type Outcome,
  PoolClosedError,
  PoolError,
  type PoolOptions,
  PoolOverloadedError,
  PoolTimeoutError,
  SelfDeadlockError,
} from '@lifeguard/pool';
import { PrismaClientKnownRequestError } from '@prisma/client/runtime/client';
import { commitFailure, isDriverAdapterError, loginFailure } from './driver-adapter-error.ts';
import { kindOfConnection, LOST } from './kinds.ts';
import { knownError } from './known-error.ts';
import {
  CLOSED,
  poolTimeout,
  TOO_LONG,
  tooManyConnections,
  unreachable,
  type Word,
} from './words.ts';

/** One failure of a statement, or of a wait for a connection. */
export interface Failure {
  /** What the pool, pg or the server said. */
  readonly origin: unknown;
  /** What Prisma's adapter has made of it. */
  readonly thrown: unknown;
  /** `alone`: no transaction is open, or it could not be opened. */
  readonly where: 'alone' | 'transaction' | 'commit';
  /** The caller's deadline has passed: what was cancelled, was so on its behalf. */
  readonly isLate: boolean;
}

/** What errors tell of the pool. */
export interface PoolFacts {
  readonly options: PoolOptions;
  /** `host:port`; asked when an error does not say. */
  readonly server: () => string;
}

/**
 * What Prisma is given for an error: codes, messages and `meta` of Prisma 6, whose engine had a pool of
 * its own, so that handlers written for it work again; the same for models, raw SQL and transactions.
 * What is no matter of the pool, the connection or a limit is Prisma's own affair.
 */
export function translate(failure: Failure, pool: PoolFacts): unknown {
  const { origin, thrown } = failure;
  if (thrown instanceof PrismaClientKnownRequestError) return thrown;
  const word =
    origin instanceof PoolError && !isLimit(origin)
      ? poolsWord(origin, pool)
      : (connectionsWord(failure, pool) ?? adaptersWord(failure));
  if (!word) return thrown;
  const meta = isDriverAdapterError(thrown)
    ? { ...word.meta, driverAdapterError: thrown }
    : word.meta;
  const outcome = outcomeOf(failure, word);
  return knownError({ ...word, meta, outcome, cause: causeOf(origin) });
}

/** The pool refused the caller. */
function poolsWord(error: PoolError, { options, server }: PoolFacts): Word | undefined {
  if (error instanceof SelfDeadlockError) return poolTimeout(options, 'self-deadlock');
  if (error instanceof PoolTimeoutError) {
    return hadNoServer(error) ? unreachable(server()) : poolTimeout(options);
  }
  if (error instanceof PoolOverloadedError) return poolTimeout(options, 'overloaded');
  if (error instanceof ConnectTimeoutError) return unreachable(error.server);
  if (error instanceof PoolClosedError) return CLOSED;
  return undefined;
}

/** The pool's own error, which names who held the connections; between them, that the server was full. */
export function causeOf(origin: unknown): unknown {
  if (!(origin instanceof PoolTimeoutError) || !(origin.cause instanceof Error)) return origin;
  const { kind } = diagnose(origin.cause);
  if (kind !== 'server-max-connections' && kind !== 'role-connection-limit') return origin;
  return knownError({ ...tooManyConnections(origin.cause.message), cause: origin });
}

/** Whoever waited, waited for a server that let nobody in: it was starting, or not there at all. */
export function hadNoServer({ cause, stats }: PoolTimeoutError): boolean {
  if (cause === undefined || !stats) return false;
  const { idle, shared, checkedOut } = stats.connections;
  if (idle + shared + checkedOut > 0) return false;
  const { kind } = diagnose(cause);
  return kind === 'unreachable' || kind === 'server-starting' || LOST.has(kind);
}

/** The connection could not be made, or broke, or a limit was passed. */
function connectionsWord(failure: Failure, pool: PoolFacts): Word | undefined {
  const { origin } = failure;
  const kind = kindOfConnection(origin);
  if (!kind || !(origin instanceof Error)) return undefined;
  if (LOST.has(kind)) {
    // A login that breaks off has reached nobody.
    return outcomeSaidBy(origin) === 'not-sent' ? unreachable(serverOf(origin, pool)) : CLOSED;
  }
  switch (kind) {
    case 'unreachable':
    case 'server-starting':
      return unreachable(serverOf(origin, pool));
    case 'server-max-connections':
    case 'role-connection-limit':
      return tooManyConnections(origin.message);
    case 'statement-timeout':
      return failure.isLate || !isOnRequest(origin) ? TOO_LONG : undefined;
    case 'lifecycle-misuse':
      // pg has no code for a client that the pool's end has cut.
      return 'code' in origin ? undefined : CLOSED;
    default:
      return undefined;
  }
}

function isLimit(error: PoolError): boolean {
  return error.code === '57014';
}

/** Somebody asked the server to cancel the statement. */
function isOnRequest({ message }: Error): boolean {
  return message.includes('user request');
}

function serverOf(error: Error, { server }: PoolFacts): string {
  const { address, hostname, port } = error as Record<string, unknown> & Error;
  const host = address ?? hostname;
  if (host === undefined) return server();
  return port === undefined ? `${host}` : `${host}:${port}`;
}

/** What Prisma says of an error of the adapter, where it does not say so by itself. */
function adaptersWord({ thrown, where }: Failure): Word | undefined {
  if (!isDriverAdapterError(thrown)) return undefined;
  return loginFailure(thrown) ?? (where === 'commit' ? commitFailure(thrown) : undefined);
}

/** Until its COMMIT is sent, a transaction that ends has left nothing. */
function outcomeOf({ origin, where }: Failure, { code }: Word): Outcome | undefined {
  const said = outcomeSaidBy(origin);
  if (where === 'alone' || said === 'not-sent') return said;
  if (where === 'transaction') return 'failed';
  return code === 'P1017' || said === 'unknown' ? 'unknown' : 'failed';
}

function outcomeSaidBy(error: unknown): Outcome | undefined {
  return (error as { outcome?: Outcome } | null)?.outcome;
}

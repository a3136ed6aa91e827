import type { Outcome } from '@lifeguard/pool';
import { PrismaClientKnownRequestError } from '@prisma/client/runtime/client';
import { clientVersion } from '../client-version.ts';

/** What a caller is told, in Prisma's words, and what it comes from. */
export interface KnownErrorParts {
  readonly code: string;
  readonly message: string;
  readonly meta?: Readonly<Record<string, unknown>> | undefined;
  /** The pool's or the driver's own error. */
  readonly cause: unknown;
  /** What became of the operation, where that is known. */
  readonly outcome?: Outcome | undefined;
}

/** What Prisma's copy of an error leaves behind. */
type Origin = Pick<KnownErrorParts, 'cause' | 'outcome'>;

/** Prisma copies code, message and `meta` of an error, and `meta` by its properties. */
const ORIGIN = Symbol('lifeguard.origin');

export function knownError({ code, message, meta, ...origin }: KnownErrorParts): Error {
  const error = new PrismaClientKnownRequestError(message, {
    code,
    clientVersion,
    meta: { ...meta, [ORIGIN]: origin },
  });
  return withOrigin(error, origin);
}

/** Gives the error that Prisma has made of one of ours its cause and outcome back. */
export function restoreOrigin(error: unknown): unknown {
  if (!(error instanceof PrismaClientKnownRequestError) || !error.meta) return error;
  const { [ORIGIN]: origin, ...meta } = error.meta as Record<string | symbol, unknown>;
  if (!origin) return error;
  error.meta = meta;
  return withOrigin(error, origin as Origin);
}

/** Not enumerable, as the causes of all errors are. */
function withOrigin<E extends object>(error: E, { cause, outcome }: Origin): E {
  const hidden = (value: unknown) => ({ value, configurable: true, writable: true });
  if (!Object.hasOwn(error, 'cause')) Object.defineProperty(error, 'cause', hidden(cause));
  if (outcome) Object.defineProperty(error, 'outcome', hidden(outcome));
  return error;
}

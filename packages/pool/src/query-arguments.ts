import type { StatementConfig } from './connection/lane-query.ts';
import { checkPriority } from './context/context.ts';
import type { PgPoolOptions } from './pg-internals.ts';
import type { RequestOptions } from './queue/request-options.ts';

export type QueryCallback = (error: Error | undefined, result?: unknown) => void;

export interface QueryArguments {
  /** Present when it may go to the shared lane, unless its text says otherwise. */
  readonly statement: StatementConfig | undefined;
  readonly options: RequestOptions | undefined;
  /** The arguments for a client of its own. */
  readonly rest: unknown[];
  readonly callback: QueryCallback | undefined;
}

/** Options that make a conversation of a statement, which no neighbour can stand. */
const ALONE = ['submit', 'rows', 'portal', 'query_timeout'] as const;

/** Reads the forms that pg's `query` takes: `(text | config | submittable, values?, callback?)`. */
export function readQuery(args: readonly unknown[]): QueryArguments {
  const [query, second, third] = args;
  const callback = takeCallback(query) ?? [second, third].find((arg) => typeof arg === 'function');
  const values = typeof second === 'function' ? undefined : second;
  return {
    statement: readStatement(typeof query === 'string' ? { text: query } : query, values),
    options: readOptions(query),
    rest: [query, values],
    callback: callback as QueryCallback | undefined,
  };
}

/** Of a statement, or of a checkout: what only this pool understands. */
export function readOptions(given: unknown): RequestOptions | undefined {
  if (typeof given !== 'object' || given === null) return undefined;
  const { signal = undefined, priority = undefined } = given as Record<string, unknown>;
  if (signal === undefined && priority === undefined) return undefined;
  if (signal !== undefined && !(signal instanceof AbortSignal)) {
    throw new TypeError('signal must be an AbortSignal');
  }
  if (priority !== undefined) checkPriority(priority);
  return { signal, priority };
}

/** Whether pg is to set a timer for every statement: it reads the connection string as well. */
export function hasQueryTimeout({ query_timeout, connectionString }: PgPoolOptions): boolean {
  return Boolean(query_timeout) || /[?&]query_timeout=0*[1-9]/.test(connectionString ?? '');
}

/** A submittable tells only its own callback that it has ended; the pool has to know it as well. */
function takeCallback(query: unknown): unknown {
  const given = query as { submit?: unknown; callback?: unknown } | null | undefined;
  if (typeof given?.submit !== 'function' || typeof given.callback !== 'function') return undefined;
  const { callback } = given;
  given.callback = undefined;
  return callback;
}

function readStatement(config: unknown, given: unknown): StatementConfig | undefined {
  if (!isConfig(config) || ALONE.some((option) => config[option])) return undefined;
  // One by one: a template of SQL may have getters, which a copy of the object would lack.
  const { text, rowMode, types, binary, queryMode, name } = config;
  const values = given ?? config.values ?? undefined;
  if (values !== undefined && !Array.isArray(values)) return undefined;
  return { text, values, rowMode, types, binary, queryMode, name };
}

function isConfig(config: unknown): config is StatementConfig & Record<string, unknown> {
  return typeof (config as { text?: unknown } | null | undefined)?.text === 'string';
}

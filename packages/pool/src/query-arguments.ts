import type { StatementConfig } from './connection/lane-query.ts';

export type QueryCallback = (error: Error | undefined, result?: unknown) => void;

export interface QueryArguments {
  /** Present when it may go to the shared lane, unless its text says otherwise. */
  readonly statement: StatementConfig | undefined;
  /** The arguments for a client of its own. */
  readonly rest: unknown[];
  readonly callback: QueryCallback | undefined;
}

/** Options that make a conversation of a statement, which no neighbour can stand. */
const ALONE = ['submit', 'rows', 'portal', 'query_timeout'] as const;

/** Reads the forms that pg's `query` takes: `(text | config | submittable, values?, callback?)`. */
export function readQuery(
  args: readonly unknown[],
  options: { query_timeout?: unknown },
): QueryArguments {
  const [query, second, third] = args;
  const callback = [second, third].find((arg) => typeof arg === 'function') as
    | QueryCallback
    | undefined;
  const values = typeof second === 'function' ? undefined : second;
  const rest = [query, values];
  const config = typeof query === 'string' ? { text: query } : query;
  const inConfig = (config as { callback?: unknown } | undefined)?.callback;
  const settle =
    callback ?? (typeof inConfig === 'function' ? (inConfig as QueryCallback) : undefined);
  return {
    statement: isStatement(config, values, options)
      ? { ...config, values: (values ?? config.values) as unknown[] | undefined }
      : undefined,
    rest,
    callback: settle,
  };
}

function isStatement(
  config: unknown,
  values: unknown,
  options: { query_timeout?: unknown },
): config is StatementConfig {
  if (typeof config !== 'object' || config === null || options.query_timeout) return false;
  const given = config as Record<string, unknown>;
  if (typeof given.text !== 'string') return false;
  if (ALONE.some((option) => given[option])) return false;
  const parameters = values ?? given.values;
  return parameters === undefined || parameters === null || Array.isArray(parameters);
}

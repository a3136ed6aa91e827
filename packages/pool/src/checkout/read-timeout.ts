import type { PgClient } from '../pg-internals.ts';
import { type Callback, callbackOf, textOf } from './said.ts';

/** pg's own words when `query_timeout` has passed: it tells the caller, and leaves the statement running. */
const READ_TIMEOUT = 'Query read timeout';

/** Whether pg sets a timer for this statement. */
export function hasReadTimeout(
  { connection, connectionParameters }: PgClient,
  config: unknown,
): boolean {
  // Of a conversation of another kind pg tells nobody in this way.
  if (!connection || textOf(config) === undefined) return false;
  if (connectionParameters?.query_timeout) return true;
  return typeof config === 'object' && Boolean(Object(config).query_timeout);
}

/** Sends it, and calls `left` before its caller hears that pg has given it up. */
export function sendWithin(
  query: PgClient['query'],
  client: PgClient,
  [config, values, callback]: readonly [unknown, unknown, unknown],
  left: () => void,
): unknown {
  const note = (error: Error | null | undefined) => {
    if (error?.message === READ_TIMEOUT) left();
  };
  const settle = callbackOf(config, values, callback);
  if (!settle) {
    const answer = query.call(client, config, values) as Promise<unknown>;
    return answer.catch((error: Error) => {
      note(error);
      throw error;
    });
  }
  const told: Callback = (error, result) => {
    note(error);
    settle(error, result);
  };
  return query.call(client, config, typeof values === 'function' ? undefined : values, told);
}

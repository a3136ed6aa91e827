import type { Clock } from '../clock.ts';
import { isError } from '../errors/is-error.ts';
import type { PgClient } from '../pg-internals.ts';

/** What the application may do with a new session before anybody uses it. */
export interface SessionHooks {
  /** pg-pool's `onConnect` option; may be asynchronous. */
  readonly onConnect?: ((client: PgClient) => unknown) | undefined;
  /** pg-pool's `verify` option. */
  readonly verify?: ((client: PgClient, done: (error?: Error) => void) => void) | undefined;
  /** The pool's 'connect' event; its listeners may send statements without waiting for them. */
  readonly announce: (client: PgClient) => void;
}

/** How long the hooks may take together; 0 is without limit. */
export interface HookLimit {
  readonly clock: Clock;
  readonly millis: number;
}

/**
 * Runs the hooks in pg-pool's order: `onConnect`, the 'connect' event, `verify`.
 * One that hangs is an error: logins come one after the other, and it would be the last.
 */
export function prepareSession(
  client: PgClient,
  { onConnect, verify, announce }: SessionHooks,
  { clock, millis }: HookLimit,
  settle: (error?: Error) => void,
): void {
  let settled = false;
  const done = (error?: Error) => {
    if (settled) return;
    settled = true;
    cancel?.();
    settle(error);
  };
  const late = () =>
    done(new Error(`onConnect and verify took longer than ${millis} ms (connectTimeoutMillis)`));
  const cancel = millis > 0 && (onConnect || verify) ? clock.after(millis, late) : undefined;
  const failed = (thrown: unknown) =>
    done(isError(thrown) ? thrown : new Error(`a new connection was refused: ${thrown}`));
  const announced = () => {
    announce(client);
    if (!verify) {
      done();
      return;
    }
    try {
      verify(client, (error) => (error ? failed(error) : done()));
    } catch (thrown) {
      failed(thrown);
    }
  };
  if (onConnect) Promise.resolve(client).then(onConnect).then(announced, failed);
  else announced();
}

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

/** Runs the hooks in pg-pool's order: `onConnect`, the 'connect' event, `verify`. */
export function prepareSession(
  client: PgClient,
  { onConnect, verify, announce }: SessionHooks,
  done: (error?: Error) => void,
): void {
  const announced = () => {
    announce(client);
    if (verify) verify(client, (error) => done(error));
    else done();
  };
  if (!onConnect) {
    announced();
    return;
  }
  Promise.resolve(client)
    .then(onConnect)
    .then(announced, (error: Error) => done(error));
}

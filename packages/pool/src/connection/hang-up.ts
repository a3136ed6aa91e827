import type { Clock } from '../clock.ts';
import type { PgClient } from '../pg-internals.ts';

/** How long a connection that is being closed waits for the server's side. */
const GOODBYE_MILLIS = 1_000;

/** Says goodbye; the answers of a busy server are not waited for, nor one that keeps silent. */
export function hangUp(client: PgClient, isBusy: boolean, clock: Clock, done?: () => void): void {
  const stream = client.connection?.stream;
  if (isBusy) stream?.destroy();
  const cancel = clock.after(GOODBYE_MILLIS, () => stream?.destroy());
  client.end(() => {
    cancel();
    done?.();
  });
}

/** In pg's own words. */
export function terminated(): Error {
  return new Error('Connection terminated');
}

import type { PgClient } from '../pg-internals.ts';
import { reasonOf } from '../queue/abortable.ts';
import { onAbort } from '../queue/on-abort.ts';
import type { Settle } from '../settle.ts';

/**
 * Runs one statement on a client that was lent for it, and gives the client back when it is answered, or when
 * its signal fires.
 *
 * @param args as for the client's `query`, without a callback.
 * @param unwanted called when nobody waits for the answer any more.
 */
export function runAlone(
  client: PgClient,
  [config, values]: readonly unknown[],
  signal: AbortSignal | undefined,
  unwanted: () => void,
  settle: Settle<unknown>,
): void {
  let isDone = false;
  let stopListening: (() => void) | undefined;
  const done = (error?: Error, result?: unknown) => {
    // A submittable that is used twice calls its first callback again.
    if (isDone) return;
    isDone = true;
    stopListening?.();
    // Of a statement that is fetched row by row pg says nothing more to the server once it has failed, which waits.
    client.release?.(Boolean(error && Object(config).rows));
    settle(error, result);
  };
  const abort = () => {
    unwanted();
    done(signal && reasonOf(signal));
  };
  // It was lent a moment ago, and nobody has listened since.
  if (signal?.aborted) {
    abort();
    return;
  }
  stopListening = signal && onAbort(signal, abort);
  try {
    client.query(config, values, done);
  } catch (thrown) {
    done(thrown as Error);
  }
}

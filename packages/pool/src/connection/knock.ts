import type { Clock } from '../clock.ts';
import type { PgClient } from '../pg-internals.ts';

/** How long a server may take to answer at the door. */
const ANSWER_MILLIS = 5_000;

/** Nobody can be reached; whatever else goes wrong says nothing of the server. */
const UNREACHABLE = new Set(['EHOSTUNREACH', 'EHOSTDOWN', 'ENETUNREACH', 'ETIMEDOUT']);

/**
 * Finds out whether a server answers at all, without a session: it tells everybody who connects whether it
 * speaks TLS, and minds nobody who goes then (protocol documentation, "SSL Session Encryption").
 *
 * `messenger` is a client with the pool's options that nobody has connected.
 */
export function knock(
  { connection: wire, host, port }: PgClient,
  clock: Clock,
  done: (isAnswered: boolean) => void,
): void {
  // What this machine itself serves is not lost on the way.
  if (!wire || host.startsWith('/')) {
    done(true);
    return;
  }
  const { stream } = wire;
  let isDone = false;
  const finish = (isAnswered: boolean) => {
    if (isDone) return;
    isDone = true;
    cancelTimer();
    stream.destroy();
    done(isAnswered);
  };
  const cancelTimer = clock.after(ANSWER_MILLIS, () => finish(false));
  stream.on('error', ({ code }: { code?: string }) => finish(!UNREACHABLE.has(`${code}`)));
  stream.on('close', () => finish(true));
  stream.once('data', () => finish(true));
  stream.once('connect', () => wire.requestSsl());
  stream.connect(port, host);
}

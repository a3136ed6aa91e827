import type { Clock } from '../clock.ts';
import type { PgClient } from '../pg-internals.ts';
import { type ObservedClient, processIdOf } from './observed-client.ts';

/** How long a server may take to receive a cancel request. */
const CANCEL_MILLIS = 1_000;

/**
 * Asks the server to cancel what `client` runs, as PostgreSQL wants it: by a connection of its own,
 * which takes no session (protocol documentation, "Canceling Requests in Progress").
 *
 * `messenger` is a client with the same options that nobody has connected. `done` is told whether the
 * request is certainly over: delivered, or never to arrive.
 */
export function cancelStatement(
  client: ObservedClient,
  messenger: PgClient,
  clock: Clock,
  done: (isOver: boolean) => void,
): void {
  const wire = messenger.connection;
  if (!wire || processIdOf(client) === null) {
    done(true);
    return;
  }
  let isDone = false;
  const finish = (isOver: boolean) => {
    if (isDone) return;
    isDone = true;
    cancelTimer();
    wire.stream.destroy();
    done(isOver);
  };
  const cancelTimer = clock.after(CANCEL_MILLIS, () => finish(false));
  let isAsked = false;
  const ask = () => {
    isAsked = true;
    wire.cancel(processIdOf(client), client.secretKey);
  };
  // What was written may have arrived all the same, and strike at any time.
  wire.on('error', () => finish(!isAsked));
  // The server closes once it has signalled the session.
  wire.on('end', () => finish(true));
  wire.on('connect', () => {
    if (!wire.ssl) ask();
    else if (wire.sslNegotiation !== 'direct') wire.requestSsl();
  });
  wire.on('sslconnect', ask);
  if (messenger.host?.startsWith('/')) {
    wire.connect(`${messenger.host}/.s.PGSQL.${messenger.port}`);
  } else {
    wire.connect(messenger.port, messenger.host);
  }
}

import type { EventEmitter } from 'node:events';
import pg from 'pg';

/** The parts of pg's client that its types leave out. */
interface Wire extends EventEmitter {
  readonly stream: { destroy(): void };
  readonly ssl: unknown;
  connect(port: number | string, host?: string): void;
  requestSsl(): void;
  cancel(processID: number | null, secretKey: unknown): void;
}
interface Internals {
  readonly connection: Wire;
  readonly readyForQuery: boolean;
  readonly processID: number | null;
  readonly secretKey: unknown;
  readonly host: string;
  readonly port: number;
}

/**
 * Cancels what runs on a client, if anything does; resolves when the server has the request or can't be
 * reached. By PostgreSQL's own way, which takes no session: also a full server hears it.
 *
 * @param config what `client` was made of.
 */
export function cancelRunning(client: pg.Client, config: pg.ClientConfig): Promise<void> {
  const busy = client as unknown as Internals;
  if (busy.readyForQuery || busy.processID === null) return Promise.resolve();
  const { connection: wire, host, port } = new pg.Client(config) as unknown as Internals;
  return new Promise((resolve) => {
    const ask = () => wire.cancel(busy.processID, busy.secretKey);
    const finish = () => {
      wire.stream.destroy();
      resolve();
    };
    wire.on('error', finish);
    // The server closes once it has signalled the session.
    wire.on('end', finish);
    wire.on('connect', () => (wire.ssl ? wire.requestSsl() : ask()));
    wire.on('sslconnect', ask);
    if (host.startsWith('/')) wire.connect(`${host}/.s.PGSQL.${port}`);
    else wire.connect(port, host);
  });
}

/** Drops the socket of a client that did not end in time. */
export function dropSocket(client: pg.Client): void {
  (client as unknown as Internals).connection.stream.destroy();
}

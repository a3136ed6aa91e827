import type { PgClient, TransactionStatus } from '../pg-internals.ts';

export interface ClientListener {
  /** The server is ready for the next statement. */
  ready(status: TransactionStatus): void;
  /** The connection is lost, or the client says that it is. */
  broken(error: Error): void;
}

/** After pg's own listener, so that an answer has been handed over when the state is read. */
export function listen(client: PgClient, listener: ClientListener): void {
  const { connection } = client;
  connection?.on('readyForQuery', ({ status }: { status: TransactionStatus }) => {
    // Of one that was given up just now nothing is taken any more: its loss is told in a moment.
    if (!connection.stream.destroyed) listener.ready(status);
  });
  client.on('error', (error: Error) => listener.broken(error));
  client.on('end', () => listener.broken(new Error('Connection terminated unexpectedly')));
}

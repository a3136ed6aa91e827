import { PoolError, type PoolErrorDetails } from './pool-error.ts';

/** The server did not complete a login within `connectTimeoutMillis`. */
export class ConnectTimeoutError extends PoolError {
  override readonly code = 'LIFEGUARD_CONNECT_TIMEOUT';
  /** Host and port, or the path of the socket's folder and the port. */
  readonly server: string;

  constructor(server: string, connectTimeoutMillis: number, details: PoolErrorDetails) {
    super(
      `${server} did not complete a login within ${connectTimeoutMillis} ms (connectTimeoutMillis, connect_timeout in the URL)`,
      details,
    );
    this.server = server;
  }
}

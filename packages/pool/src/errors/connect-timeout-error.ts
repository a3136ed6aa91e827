import { PoolError } from './pool-error.ts';

/** The server did not complete a login within `connectTimeoutMillis`. */
export class ConnectTimeoutError extends PoolError {
  override readonly code = 'LIFEGUARD_CONNECT_TIMEOUT';
}

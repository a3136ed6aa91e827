import { PoolError } from './pool-error.ts';

/** A caller waited longer than `connectionTimeoutMillis` for a connection or a lane. */
export class PoolTimeoutError extends PoolError {
  override readonly code: string = 'LIFEGUARD_POOL_TIMEOUT';
}

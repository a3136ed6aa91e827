import { PoolError } from './pool-error.ts';

/** The pool was ended, or ended before it could serve this caller. */
export class PoolClosedError extends PoolError {
  override readonly code = 'LIFEGUARD_POOL_CLOSED';
}

import { PoolError } from './pool-error.ts';

/** More callers wait than `maxWaiting` allows; this one was refused at once. */
export class PoolOverloadedError extends PoolError {
  override readonly code = 'LIFEGUARD_POOL_OVERLOADED';
}

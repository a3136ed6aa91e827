import { PoolError } from './pool-error.ts';

/**
 * Refused at once, without a wait: more callers wait than `maxWaiting` allows, or under overload that lasts
 * this one would have been served only after its deadline. Nothing was sent.
 */
export class PoolOverloadedError extends PoolError {
  override readonly code = 'LIFEGUARD_POOL_OVERLOADED';
}

import type { BreakerState } from './circuit.ts';

/** What the breaker does. Nothing in it comes from a caller's statement. */
export type BreakerEvent =
  | {
      readonly type: 'breaker-open';
      /** When it opened for the first time in this outage. */
      readonly since: Date;
      readonly reason: string;
      /** Until the next probe, in milliseconds. */
      readonly retryAfterMillis: number;
      /** The first of this outage, or again after a probe or the return failed. */
      readonly isFirst: boolean;
    }
  | { readonly type: 'breaker-half-open' }
  | { readonly type: 'breaker-returning' }
  | {
      readonly type: 'breaker-closed';
      /** Since it first opened. */
      readonly outageMillis: number;
    }
  | {
      readonly type: 'refused';
      readonly label?: string;
      readonly state: Exclude<BreakerState, 'closed'>;
      readonly retryAfterMillis: number;
    };

/** The breaker at one moment. */
export interface BreakerStatus {
  readonly state: BreakerState;
  /** When it first opened in this outage. */
  readonly since?: Date;
  readonly reason?: string;
  /** Until a call may be let through, in milliseconds; 0 while closed. */
  readonly retryAfterMillis: number;
  /** Calls that it has refused since it was made; a breaker of another make need not count them. */
  readonly refused?: number;
}

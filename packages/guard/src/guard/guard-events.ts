import type { BreakerEvent } from '../breaker/breaker-events.ts';
import type { FallbackEvent } from '../fallback/fallback.ts';
import type { RetryDecision } from '../retry/retry-decision.ts';

interface Labelled {
  /** The operation, as its caller calls it. */
  readonly label?: string;
}

export interface DeadlineEvent {
  readonly type: 'deadline';
  /** How long the operation had. */
  readonly millis: number;
  readonly outcome: 'not-sent' | 'unknown';
}

/** Each decision of a guard. Safe to log: no statements, no parameters, no texts of errors. */
export type GuardEvent =
  | (RetryDecision & Labelled)
  | (DeadlineEvent & Labelled)
  | (FallbackEvent & Labelled)
  | BreakerEvent;

export type GuardListener = (event: GuardEvent) => void;

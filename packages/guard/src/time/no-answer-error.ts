/**
 * The source did not answer within its time. It may still answer later, for somebody else.
 */
export class NoAnswerError extends Error {
  /** Stable, for programs. */
  readonly code = 'LIFEGUARD_NO_ANSWER';
  readonly outcome = 'unknown';

  constructor(what: string, millis: number) {
    super(`${what} gave no answer within ${Math.round(millis)} ms`);
  }

  override get name(): string {
    return 'NoAnswerError';
  }
}

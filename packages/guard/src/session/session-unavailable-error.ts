/**
 * Whether a session is valid can't be said at the moment, and it was last found valid too long ago: answer 503
 * and let the visitor try again; 401 would sign out everybody in an outage.
 */
export class SessionUnavailableError extends Error {
  /** Stable, for programs. */
  readonly code = 'LIFEGUARD_SESSION_UNAVAILABLE';

  constructor() {
    super('the session can not be validated at the moment');
  }

  override get name(): string {
    return 'SessionUnavailableError';
  }
}

import type { Bus } from '../bus/bus.ts';
import type { Duration } from '../time/duration.ts';

/** A session as a request brings it. Times are milliseconds since 1970. */
export interface Session {
  /** What it is revoked by. */
  readonly id: string;
  /** When its token expires. */
  readonly expiresAt?: number | undefined;
  /**
   * When it was last found valid, as its token says. Only from a token that is signed or encrypted: whoever
   * can write it decides how long a session lives.
   */
  readonly validatedAt?: number | undefined;
  /** When it began, as its token says: a revocation does not reach sessions that began after it. */
  readonly signedInAt?: number | undefined;
  /** Something secret that only `validate` can judge, such as a signed cookie: what is known of the id counts
   * only for who brings the same. */
  readonly proof?: string | undefined;
}

/**
 * `validated`: just now. `recent`: less than `every` ago. `stale`: longer ago, because validation gives no
 * answer at the moment.
 */
export type SessionState = 'validated' | 'recent' | 'stale';

export interface ValidSession<Value> {
  readonly valid: true;
  readonly state: SessionState;
  readonly validatedAt: number;
  readonly ageMillis: number;
  /** What `validate` returned then, the same for all; undefined when only the token knows of it. */
  readonly value: Value | undefined;
}

/**
 * `expired`: its token. `revoked`: by `revoke`. `invalid`: says `validate`. `unavailable`: nobody can say, and
 * it was last found valid too long ago; this answers 503, not 401.
 */
export type RefusalReason = 'expired' | 'revoked' | 'invalid' | 'unavailable';

export interface RefusedSession {
  readonly valid: false;
  readonly reason: RefusalReason;
}

export type SessionVerdict<Value> = ValidSession<Value> | RefusedSession;

/** Durations are milliseconds or texts such as `'60s'`. */
export interface SessionGuardOptions<S extends Session, Value> {
  /**
   * Asks the database whether a session is valid: something, such as the user, or else `null`, `undefined` or
   * `false`. What it throws when the database can't answer keeps the session until `maxStale`; anything else
   * is thrown to the caller of `check`.
   */
  validate(
    session: S,
    signal: AbortSignal,
  ): Promise<Value | null | undefined | false> | Value | null | undefined | false;
  /** How long a validation is good for; default 60 s. */
  every?: Duration | undefined;
  /** A token that expires within this is validated once more; default 5 min. */
  expiringWithin?: Duration | undefined;
  /** How long a validation may take; default 5 s. */
  timeout?: Duration | undefined;
  /** How long after its last validation a session is kept when there is no answer; default 15 min. */
  maxStale?: Duration | undefined;
  /** Tells all processes what was revoked: `redisBus(redis)`, `postgresBus({ connect })`. It stays yours to close. */
  bus?: Bus | undefined;
  /** Keeps guards on the same bus apart; default `default`. */
  name?: string | undefined;
  /** Sessions in memory at most; default 50 000. One that is forgotten is validated again. */
  maxSessions?: number | undefined;
  /** Decides which errors mean that the database can't answer; default: what `diagnose` calls so. */
  isOutage?: (error: unknown) => boolean;
  /** Hears of what no caller is told. */
  onProblem?: (problem: SessionProblem) => void;
}

/** `validation-failed`: no answer. `not-told`: the bus did not take a revocation; it is told as soon as possible. */
export interface SessionProblem {
  readonly kind: 'validation-failed' | 'not-told';
  readonly error: unknown;
}

export interface CheckOptions {
  /** Validate now, whatever is known: for changing a password, paying, deleting. Refused when there is no answer. */
  fresh?: boolean | undefined;
}

export interface SessionGuardStats {
  /** Sessions in memory. */
  readonly sessions: number;
  /** Validations begun, and those that gave no answer. */
  readonly validations: number;
  readonly failedValidations: number;
  /** Checks answered from a validation of less than `every` ago, and for want of a better one. */
  readonly recent: number;
  readonly stale: number;
  readonly refused: number;
  /** Revocations that are remembered. */
  readonly revoked: number;
}

export interface SessionGuard<S extends Session = Session, Value = unknown> {
  /**
   * Whether a session is valid, asking the database as seldom as `every` allows. Checks of one session at
   * once are one validation.
   *
   * @throws what `validate` threw, unless it means that the database can't answer.
   */
  check(session: S, options?: CheckOptions): Promise<SessionVerdict<Value>>;
  /**
   * Refuses a session from now on: in this process at once, and with a bus in all. Delete it in the database
   * first: it is remembered here for a day only.
   *
   * @returns whether the others were told; `false` when the bus could not, which it makes up for.
   */
  revoke(id: string): Promise<boolean>;
  /** Resolves when revocations of other processes are heard. */
  readonly ready: Promise<void>;
  stats(): SessionGuardStats;
  /** Stops listening to the bus. */
  close(): void;
}

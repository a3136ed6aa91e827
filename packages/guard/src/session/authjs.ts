import { randomUUID } from 'node:crypto';
import type { Session, SessionGuard, ValidSession } from './types.ts';

/** Auth.js' token, as far as it concerns us. */
export interface AuthJsToken extends Record<string, unknown> {
  sub?: string | undefined;
  /** Seconds since 1970. */
  exp?: number | undefined;
}

/** What Auth.js gives its `jwt` callback. `user` only at sign-in. */
export interface AuthJsParams {
  token: AuthJsToken;
  user?: unknown;
}

/** What `validate` gets. */
export interface AuthJsSession extends Session {
  readonly token: AuthJsToken;
}

export interface AuthJsOptions<Params extends AuthJsParams, Value> {
  /**
   * The id of the session that a token belongs to, such as one that your callback put there at sign-in; default
   * one that the guard puts there.
   */
  sessionId?: (token: Params['token']) => string | undefined;
  /** Your own callback. It is not asked about sessions that are refused. */
  jwt?: (
    params: Params & { verdict?: ValidSession<Value> },
  ) => Params['token'] | null | PromiseLike<Params['token'] | null>;
  /**
   * What becomes of a session that can't be validated and was last found valid longer than `maxStale` ago;
   * default `null`, which signs it out. Return the token to keep it, and mark it so that your `session` callback
   * gives it no rights.
   */
  whenUnavailable?: (token: Params['token']) => Params['token'] | null;
}

/** What the guard remembers in a token; Auth.js encrypts it. */
interface Claim {
  readonly id: string;
  readonly signedInAt?: number;
  readonly validatedAt?: number;
}

const CLAIM = 'lifeguard';

/**
 * A guard as the `jwt` callback of Auth.js (and NextAuth 5) with JWT sessions, which runs at every read of the
 * session: valid tokens pass and remember when they were validated, others are signed out.
 *
 * @throws what `validate` threw, unless it means that the database can't answer. Auth.js then logs it and
 *   signs out.
 */
export function authJsJwt<Params extends AuthJsParams, Value = unknown>(
  guard: Pick<SessionGuard<AuthJsSession, Value>, 'check'>,
  options: AuthJsOptions<Params, Value> = {},
): (params: Params) => Promise<Params['token'] | null> {
  const { jwt = ({ token }) => token, sessionId, whenUnavailable = () => null } = options;
  return async (params) => {
    if (params.user) return signedIn(await jwt(params), sessionId);
    const { token } = params;
    // What the token said when it came: a callback that merges what a browser sent must not change it.
    const claim = { ...claimOf(token), id: idOf(token, sessionId) };
    const verdict = await guard.check({
      ...claim,
      expiresAt: token.exp === undefined ? undefined : token.exp * 1_000,
      token,
    });
    if (!verdict.valid) {
      return verdict.reason === 'unavailable' ? withClaim(whenUnavailable(token), claim) : null;
    }
    const kept = await jwt({ ...params, verdict });
    return withClaim(kept, { ...claim, validatedAt: verdict.validatedAt });
  };
}

/** The id by which `guard.revoke` knows a token's session, for `events.signOut` or a list of devices. */
export function authJsSessionId(
  token: AuthJsToken,
  sessionId?: (token: AuthJsToken) => string | undefined,
): string | undefined {
  return sessionId?.(token) ?? claimOf(token)?.id ?? token.sub;
}

function signedIn<Token extends AuthJsToken>(
  token: Token | null,
  sessionId: ((token: Token) => string | undefined) | undefined,
): Token | null {
  if (!token) return null;
  const now = Date.now();
  const id = sessionId?.(token) ?? randomUUID();
  return withClaim(token, { id, signedInAt: now, validatedAt: now });
}

function withClaim<Token extends AuthJsToken>(token: Token | null, claim: Claim): Token | null {
  return token && { ...token, [CLAIM]: claim };
}

function idOf<Token extends AuthJsToken>(
  token: Token,
  sessionId: ((token: Token) => string | undefined) | undefined,
): string {
  const id = sessionId?.(token) ?? claimOf(token)?.id ?? token.sub;
  if (id === undefined) {
    throw new Error('a token without an id of its session: give authJsJwt a sessionId');
  }
  return id;
}

function claimOf(token: AuthJsToken): Partial<Claim> | undefined {
  const claim = token[CLAIM];
  return typeof claim === 'object' && claim !== null ? claim : undefined;
}

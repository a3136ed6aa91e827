import { sessionGuard } from './session-guard.ts';
import { SessionUnavailableError } from './session-unavailable-error.ts';
import type {
  CheckOptions,
  Session,
  SessionGuard,
  SessionGuardOptions,
  SessionVerdict,
} from './types.ts';

/** What `auth.api.getSession` finds. */
export interface BetterAuthFound {
  readonly session: { readonly token: string; readonly expiresAt: Date };
}

/** Better Auth's `auth`, as far as it concerns us. */
export interface BetterAuthInstance<Found extends BetterAuthFound> {
  readonly $Infer: { readonly Session: Found };
  readonly $context: Promise<{
    readonly authCookies: { readonly sessionToken: { readonly name: string } };
  }>;
  readonly api: { getSession(input: never): Promise<unknown> };
}

/** What is found, with cookies to set when Better Auth has renewed some. */
export type BetterAuthSession<Found> = Found & { readonly setCookies: readonly string[] };

export interface BetterAuthRequest extends CheckOptions {
  /** Of the request, with its cookies. */
  readonly headers: Headers;
}

interface BetterAuthCheck extends Session {
  /** Better Auth's own look-up of the session, in its database. */
  lookUp(): Promise<BetterAuthSession<BetterAuthFound> | null>;
}

export type BetterAuthOptions = Omit<
  SessionGuardOptions<BetterAuthCheck, BetterAuthSession<BetterAuthFound>>,
  'validate' | 'expiringWithin'
>;

export interface BetterAuthSessions {
  /** For `plugins`: revokes what Better Auth deletes from its database. */
  readonly plugin: BetterAuthGuardPlugin;
  /**
   * The session of a request, as `auth.api.getSession` has it, without asking the database at every request.
   *
   * @returns null when there is none, or it is not valid.
   * @throws SessionUnavailableError when nobody can say: answer 503.
   */
  getSession<Found extends BetterAuthFound>(
    auth: BetterAuthInstance<Found>,
    request: BetterAuthRequest,
  ): Promise<BetterAuthSession<Found> | null>;
  /** By a session's token. Needed only for sessions that Better Auth keeps in a secondary storage alone. */
  revoke(token: string): Promise<boolean>;
  readonly guard: SessionGuard<BetterAuthCheck, BetterAuthSession<BetterAuthFound>>;
}

export interface BetterAuthGuardPlugin {
  readonly id: 'lifeguard';
  init(): {
    options: {
      databaseHooks: {
        session: { delete: { after(session: { token: string }): Promise<void> } };
      };
    };
  };
}

/**
 * A guard before the `getSession` of Better Auth. Unlike its cookie cache it has no sessions that live on in a
 * cookie after they were revoked, and it keeps sessions in an outage.
 */
export function betterAuthSessions(options: BetterAuthOptions = {}): BetterAuthSessions {
  const guard: BetterAuthSessions['guard'] = sessionGuard({
    ...options,
    validate: (check) => check.lookUp(),
  });

  return {
    guard,
    revoke: (token) => guard.revoke(token),
    plugin: {
      id: 'lifeguard',
      init: () => ({
        options: {
          databaseHooks: {
            session: { delete: { after: async ({ token }) => void (await guard.revoke(token)) } },
          },
        },
      }),
    },

    async getSession<Found extends BetterAuthFound>(
      auth: BetterAuthInstance<Found>,
      { headers, fresh = false }: BetterAuthRequest,
    ) {
      const { authCookies } = await auth.$context;
      const cookie = cookieOf(headers, authCookies.sessionToken.name);
      const lookUp = () => lookUpIn(auth, headers);
      // Perhaps it comes another way, such as a bearer token: then it is Better Auth's matter alone.
      if (cookie === undefined) return lookUp();
      const check = { id: tokenOf(cookie), proof: cookie, lookUp };
      const found = foundBy(await guard.check(check, { fresh }));
      if (!found || found.session.expiresAt.getTime() > Date.now()) return found as never;
      // Its life may have been prolonged elsewhere since we looked.
      return foundBy(await guard.check(check, { fresh: true })) as never;
    },
  };
}

function foundBy(
  verdict: SessionVerdict<BetterAuthSession<BetterAuthFound>>,
): BetterAuthSession<BetterAuthFound> | null {
  if (!verdict.valid) {
    if (verdict.reason === 'unavailable') throw new SessionUnavailableError();
    return null;
  }
  if (!verdict.value) return null;
  // Everybody gets one of their own; cookies are set only by those who waited for them.
  const { setCookies, ...found } = structuredClone(verdict.value);
  return { ...found, setCookies: verdict.state === 'validated' ? setCookies : [] };
}

async function lookUpIn<Found extends BetterAuthFound>(
  auth: BetterAuthInstance<Found>,
  headers: Headers,
): Promise<BetterAuthSession<Found> | null> {
  const getSession = auth.api.getSession as (input: object) => Promise<{
    headers?: Headers | null;
    response: Found | null;
  }>;
  const { headers: answered, response } = await getSession({
    headers,
    // What a cookie remembers is no validation.
    query: { disableCookieCache: true },
    returnHeaders: true,
  });
  return response && { ...response, setCookies: answered?.getSetCookie() ?? [] };
}

/** The token without its signature, which only Better Auth can judge. */
function tokenOf(cookie: string): string {
  const dot = cookie.lastIndexOf('.');
  return dot < 0 ? cookie : cookie.slice(0, dot);
}

function cookieOf(headers: Headers, name: string): string | undefined {
  for (const pair of headers.get('cookie')?.split(';') ?? []) {
    const equals = pair.indexOf('=');
    if (equals < 0 || pair.slice(0, equals).trim() !== name) continue;
    return decoded(pair.slice(equals + 1).trim());
  }
  return undefined;
}

function decoded(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}

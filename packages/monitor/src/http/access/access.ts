import { hostName, hostOf, isLoopbackHost } from './host.ts';
import { isForeign, provenanceOf } from './origin.ts';
import { isDirectFromLoopback, type Peer } from './peer.ts';
import { Sessions } from './session.ts';
import { bearerOf, checkToken, isSame } from './token.ts';

export interface AccessOptions {
  /**
   * Who shows it may look, and act where actions are switched on: as `Authorization: Bearer …`, or once
   * in the page's sign-in form, for a cookie of twelve hours. At least 16 characters.
   * Default: the environment's `LIFEGUARD_TOKEN`.
   */
  readonly token?: string | undefined;
  /**
   * Let whoever sits at this machine look without a token. Default: unless NODE_ENV is `production`,
   * where a proxy beside the application would make everybody look as if they sat there.
   */
  readonly loopback?: boolean | undefined;
  /** Names besides `localhost` and 127.0.0.1 under which this machine may be asked without a token. */
  readonly hosts?: readonly string[] | undefined;
  /** Origins of this page besides the one that the `Host` header tells, as `https://ops.example.com`. */
  readonly origins?: readonly string[] | undefined;
  /** The application's own check: whom it answers true may look. It never allows an action. */
  readonly authorize?: ((request: Request) => boolean | Promise<boolean>) | undefined;
}

/** Why somebody may look. Only `token` may act. */
export type Grant =
  | { readonly by: 'token'; readonly expiresAt: number | undefined }
  | { readonly by: 'loopback' | 'application' };

/** Decides who may see a pool's figures. Closed to all but loopback or a token. */
export class Access {
  readonly sessions: Sessions | undefined;
  readonly #token: string | undefined;
  readonly #loopback: boolean;
  readonly #hosts: readonly string[];
  readonly #origins: readonly string[];
  readonly #authorize: AccessOptions['authorize'];
  readonly #wall: () => number;

  /** @throws {TypeError} when the token is too short. */
  constructor(options: AccessOptions, env: NodeJS.ProcessEnv, wall: () => number) {
    const token = options.token ?? (env.LIFEGUARD_TOKEN || undefined);
    if (token !== undefined) checkToken(token);
    this.#token = token;
    this.sessions = token === undefined ? undefined : new Sessions(token);
    this.#loopback = options.loopback ?? env.NODE_ENV !== 'production';
    this.#hosts = (options.hosts ?? []).map((name) => name.toLowerCase());
    this.#origins = options.origins ?? [];
    this.#authorize = options.authorize;
    this.#wall = wall;
  }

  /** Whether the request shows the token itself. */
  showsToken({ headers }: Request): boolean {
    const bearer = bearerOf(headers);
    return this.#token !== undefined && bearer !== undefined && isSame(bearer, this.#token);
  }

  /** Whether another site's page sent it. */
  isForeign(request: Request): boolean {
    return isForeign(provenanceOf(request), this.#origins);
  }

  async grant(request: Request, peer: Peer): Promise<Grant | undefined> {
    if (this.showsToken(request)) return { by: 'token', expiresAt: undefined };
    const expiresAt = this.sessions?.expiry(request.headers.get('cookie'), this.#wall());
    if (expiresAt !== undefined) return { by: 'token', expiresAt };
    if (this.#loopback && this.#isAtThisMachine(request, peer)) return { by: 'loopback' };
    if (await this.#authorize?.(request)) return { by: 'application' };
    return undefined;
  }

  #isAtThisMachine(request: Request, peer: Peer): boolean {
    if (!isDirectFromLoopback(peer, request.headers)) return false;
    const host = hostName(hostOf(request));
    return host !== undefined && (isLoopbackHost(host) || this.#hosts.includes(host));
  }
}

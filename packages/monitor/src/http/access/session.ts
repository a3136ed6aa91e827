import { createHmac } from 'node:crypto';
import { isSame } from './token.ts';

/** A working day. */
const SESSION_SECONDS = 12 * 60 * 60;

/**
 * Who has shown the token gets a cookie that proves it for twelve hours. It holds the hour at which it
 * ends and a signature by the token, not the token: nothing is kept here, and a new token ends them all.
 */
export class Sessions {
  readonly #token: string;
  /** Cookies don't know ports: two applications on one host need two names. */
  readonly name: string;

  constructor(token: string) {
    this.#token = token;
    this.name = `lifeguard_${this.#sign('name').slice(0, 8)}`;
  }

  /** A `Set-Cookie` that begins a session. `wall`: now, in milliseconds since 1970. */
  begin(wall: number, isSecure: boolean): string {
    const expires = Math.floor(wall / 1_000) + SESSION_SECONDS;
    return this.#cookie(`${expires}.${this.#sign(String(expires))}`, SESSION_SECONDS, isSecure);
  }

  end(isSecure: boolean): string {
    return this.#cookie('', 0, isSecure);
  }

  /** When the session of this `Cookie` header ends, in milliseconds since 1970; undefined without one. */
  expiry(cookies: string | null, wall: number): number | undefined {
    for (const pair of cookies?.split(';') ?? []) {
      const [name, value = ''] = pair.trim().split('=', 2);
      if (name !== this.name) continue;
      const [expires = '', signature = ''] = value.split('.', 2);
      if (!/^\d{1,12}$/.test(expires) || !isSame(signature, this.#sign(expires))) continue;
      const expiry = Number(expires) * 1_000;
      if (expiry > wall) return expiry;
    }
    return undefined;
  }

  #sign(text: string): string {
    return createHmac('sha256', this.#token)
      .update(`lifeguard session ${text}`)
      .digest('base64url');
  }

  #cookie(value: string, maxAge: number, isSecure: boolean): string {
    const secure = isSecure ? '; Secure' : '';
    return `${this.name}=${value}; Max-Age=${maxAge}; HttpOnly; SameSite=Strict${secure}`;
  }
}

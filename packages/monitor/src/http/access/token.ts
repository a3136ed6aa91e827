import { createHash, timingSafeEqual } from 'node:crypto';

/** Long enough that guessing over a network is hopeless, and so that no counter of attempts is needed. */
const SHORTEST_TOKEN = 16;

/** @throws {TypeError} when the token is too short, or can't be sent in a header. */
export function checkToken(token: string): void {
  const wrong = !/^[!-~]*$/.test(token)
    ? 'has other characters than ASCII letters, digits and signs'
    : token.length < SHORTEST_TOKEN
      ? `has ${token.length} characters and needs at least ${SHORTEST_TOKEN}`
      : undefined;
  if (wrong === undefined) return;
  throw new TypeError(`token (LIFEGUARD_TOKEN) ${wrong}: take what "openssl rand -hex 24" prints`);
}

/** Takes equally long wherever the two differ, and whatever their lengths are. */
export function isSame(given: string, expected: string): boolean {
  return timingSafeEqual(digest(given), digest(expected));
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

/** The token of `Authorization: Bearer …`. */
export function bearerOf(headers: Headers): string | undefined {
  const [, token] = /^Bearer +(\S+) *$/i.exec(headers.get('authorization') ?? '') ?? [];
  return token;
}

import { createHash, createHmac, pbkdf2Sync, randomBytes } from 'node:crypto';

/** PostgreSQL's own (`scram_iterations`), and the length of its salt. */
const ITERATIONS = 4_096;
const SALT_BYTES = 16;
const KEY_BYTES = 32;

export interface ScramParameters {
  /** Base64. */
  readonly salt: string;
  readonly iterations: number;
}

export function freshParameters(): ScramParameters {
  return { salt: randomBytes(SALT_BYTES).toString('base64'), iterations: ITERATIONS };
}

/**
 * What PostgreSQL keeps of a password in `pg_authid` (RFC 5803, RFC 5802 section 3): it shows whether somebody knows the password, and
 * is not the password. With the server's own salt and iterations it is the server's own secret, by which PgBouncer
 * passes a client's login on.
 */
export function scramSecret(password: string, { salt, iterations }: ScramParameters): string {
  const salted = pbkdf2Sync(
    saslPrepared(password),
    Buffer.from(salt, 'base64'),
    iterations,
    KEY_BYTES,
    'sha256',
  );
  const hmac = (text: string) => createHmac('sha256', salted).update(text).digest();
  const storedKey = createHash('sha256').update(hmac('Client Key')).digest('base64');
  const serverKey = hmac('Server Key').toString('base64');
  return `SCRAM-SHA-256$${iterations}:${salt}$${storedKey}:${serverKey}`;
}

/** The server's first message: `r=nonce,s=salt,i=iterations` (RFC 5802 section 7). */
export function parametersIn(serverFirst: string): ScramParameters | undefined {
  const [, salt, iterations] = /(?:^|,)s=([^,]+),i=(\d+)/.exec(serverFirst) ?? [];
  return salt && iterations ? { salt, iterations: Number(iterations) } : undefined;
}

/** What PostgreSQL kept before: `md5` and the hash of password and user. */
export function md5Secret(password: string, user: string): string {
  return `md5${createHash('md5')
    .update(password + user)
    .digest('hex')}`;
}

/** As pg and PostgreSQL prepare a password (RFC 4013), without its prohibitions. */
function saslPrepared(password: string): string {
  return password
    .replace(/[\u00a0\u1680\u2000-\u200b\u202f\u205f\u3000]/gu, ' ')
    .replace(
      /\u00ad|\u034f|\u1806|[\u180b-\u180d]|\u200c|\u200d|\u2060|[\ufe00-\ufe0f]|\ufeff/gu,
      '',
    )
    .normalize('NFKC');
}

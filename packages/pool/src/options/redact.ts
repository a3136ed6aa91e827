import { inspect } from 'node:util';

const MASK = '***';
const NEXT_URL = /(?<=^|[\s"'`=,(])(?=postgres(?:ql)?:\/\/)/i;
// From the first ':' after '://' up to the last '@' of the line, because an unencoded password may
// hold any character, a blank or '@' too. Taking too much away is the safe mistake.
const USER_INFO = /(:\/\/[^:\r\n]*:)[^\r\n]*@/g;
const SECRET_PARAMETER = /\b((?:ssl)?pass(?:word|wd)?|pwd|api_?key)(\s*=\s*)[^&\r\n]*/gi;

/** Replaces the passwords of every connection string in a text by `***`. */
export function redactUrl(text: string): string {
  return text
    .split(NEXT_URL)
    .map((part) => part.replace(USER_INFO, `$1${MASK}@`))
    .join('')
    .replace(SECRET_PARAMETER, `$1$2${MASK}`);
}

const SECRET_TLS_KEYS = new Set(['key', 'pfx', 'passphrase', 'pskCallback']);

function redactTls(ssl: unknown): unknown {
  if (typeof ssl !== 'object' || ssl === null) return ssl;
  const shown: Record<string, unknown> = { ...ssl };
  for (const name of Object.keys(shown)) {
    if (SECRET_TLS_KEYS.has(name)) shown[name] = MASK;
  }
  return shown;
}

function redactConfig(config: object): Record<string, unknown> {
  const shown: Record<string, unknown> = { ...config };
  for (const [name, value] of Object.entries(shown)) {
    if (name === 'password') shown[name] = MASK;
    else if (name === 'ssl') shown[name] = redactTls(value);
    // A URL may be broken over lines, which its parser joins again.
    else if (typeof value === 'string') shown[name] = redactUrl(value.replace(/[\t\r\n]/g, ''));
  }
  return shown;
}

/**
 * Makes console.log, util.inspect and JSON.stringify of a pg configuration show no secret.
 *
 * `connectionString` stays enumerable: pg.Pool and Prisma's adapter copy a configuration with
 * Object.assign, and a copy without it would connect to another database.
 */
export function guardSecrets<T extends object>(config: T): T {
  const hidden = { enumerable: false, configurable: true, writable: true };
  if ('password' in config) {
    Object.defineProperty(config, 'password', { ...hidden, value: config.password });
  }
  Object.defineProperty(config, inspect.custom, { ...hidden, value: redactThis });
  Object.defineProperty(config, 'toJSON', { ...hidden, value: redactThis });
  return config;
}

function redactThis(this: object): Record<string, unknown> {
  return redactConfig(this);
}

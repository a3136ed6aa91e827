import { existsSync } from 'node:fs';
import { OptionsError, type OptionWarning, resolveOptions } from '@lifeguard/pool';
import { UserError } from '../frame/user-error.ts';
import { oneLine } from '../terminal/words.ts';

type Resolved = ReturnType<typeof resolveOptions>;

/** A parameter that can't be used, and why, without its secrets. */
export interface InvalidParameter {
  readonly parameter: string;
  readonly message: string;
}

/** A database that a command was told of. */
export interface Target {
  /** Where it was told: `--url`, `DATABASE_URL` or `PGHOST`. */
  readonly origin: string;
  readonly resolved: Resolved;
  /** What is in the address and probably not meant so. */
  readonly warnings: readonly OptionWarning[];
}

interface TargetOptions {
  /** The option that gives the URL, where it is another than `--url`. */
  readonly option?: string;
  /** Called for a parameter that makes no sense, which is then left out; without it that is an error. */
  readonly forgive?: (invalid: InvalidParameter) => void;
}

/** Nobody said which database. */
export class NoDatabaseError extends UserError {}

const UNREAD_FILE =
  'There is a .env file here, which is not read by itself. To have what it holds in a shell:\n\n  set -a; . ./.env; set +a';

const PG_VARIABLES = ['PGHOST', 'PGPORT', 'PGUSER', 'PGDATABASE'];

/**
 * Reads which database is meant: `--url`, else DATABASE_URL, else libpq's PGHOST, PGPORT, PGUSER, PGDATABASE.
 *
 * @throws {UserError} when there is none, or a parameter makes no sense; never with the password.
 */
export function readTarget(
  url: string | undefined,
  env: NodeJS.ProcessEnv,
  options: TargetOptions = {},
): Target {
  const given = url?.trim() || env.DATABASE_URL?.trim();
  const { forgive, option = '--url' } = options;
  const origin = url?.trim() ? option : originInEnvironment(env, option);
  const inOurWords = (text: string) => oneLine(text).replaceAll('connectionString', origin);
  try {
    const resolved = resolveOptions(given ? { connectionString: given } : {}, env);
    const warnings = resolved.warnings.map((one) => ({
      ...one,
      parameter: one.parameter === 'connectionString' ? origin : one.parameter,
      message: inOurWords(one.message),
    }));
    return { origin, resolved, warnings };
  } catch (error) {
    if (!(error instanceof OptionsError)) throw error;
    const { parameter, message } = error;
    const rest = forgive && without(parameter, url?.trim(), env);
    if (!rest) throw new UserError(inOurWords(message));
    forgive({ parameter, message: inOurWords(message) });
    return readTarget(rest.url, rest.env, options);
  }
}

function originInEnvironment(env: NodeJS.ProcessEnv, option: string): string {
  const origin = env.DATABASE_URL?.trim() ? 'DATABASE_URL' : PG_VARIABLES.find((name) => env[name]);
  if (origin !== undefined) return origin;
  const say = option.startsWith('--') ? `${option} ` : 'its URL, ';
  throw new NoDatabaseError(
    `no database given: say ${say}postgresql://user@host:5432/database, or set DATABASE_URL`,
    existsSync('.env') ? { details: UNREAD_FILE } : {},
  );
}

/** Where the parameter is not given any more; undefined where it is not to be found. */
function without(
  parameter: string,
  url: string | undefined,
  env: NodeJS.ProcessEnv,
): { url: string | undefined; env: NodeJS.ProcessEnv } | undefined {
  if (url) {
    const rest = withoutParameter(url, parameter);
    if (rest !== undefined) return { url: rest, env };
  } else if (env.DATABASE_URL) {
    const rest = withoutParameter(env.DATABASE_URL, parameter);
    if (rest !== undefined) return { url, env: { ...env, DATABASE_URL: rest } };
  }
  if (env[parameter] === undefined || parameter === 'DATABASE_URL') return undefined;
  return { url, env: { ...env, [parameter]: undefined } };
}

function withoutParameter(text: string, parameter: string): string | undefined {
  const [address = '', query] = text.split(/\?(.*)/s);
  const parts = query?.split('&') ?? [];
  const kept = parts.filter((part) => part.split('=')[0] !== parameter);
  if (kept.length === parts.length) return undefined;
  return kept.length > 0 ? `${address}?${kept.join('&')}` : address;
}

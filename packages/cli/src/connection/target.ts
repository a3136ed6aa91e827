import { OptionsError, type OptionWarning, resolveOptions } from '@lifeguard/pool';
import { UserError } from '../frame/user-error.ts';
import { oneLine } from '../terminal/words.ts';

type Resolved = ReturnType<typeof resolveOptions>;

/** A database that a command was told of. */
export interface Target {
  /** Where it was told: `--url`, `DATABASE_URL` or `PGHOST`. */
  readonly origin: string;
  readonly resolved: Resolved;
  /** What is in the address and probably not meant so. */
  readonly warnings: readonly OptionWarning[];
}

const PG_VARIABLES = ['PGHOST', 'PGPORT', 'PGUSER', 'PGDATABASE'];

/**
 * Reads which database is meant: `--url`, else DATABASE_URL, else libpq's PGHOST, PGPORT, PGUSER, PGDATABASE.
 *
 * @throws {UserError} when there is none, or a parameter makes no sense; never with the password.
 */
export function readTarget(url: string | undefined, env: NodeJS.ProcessEnv): Target {
  const given = url?.trim() || env.DATABASE_URL?.trim();
  const origin = url?.trim()
    ? '--url'
    : given
      ? 'DATABASE_URL'
      : PG_VARIABLES.find((name) => env[name]);
  if (origin === undefined) {
    throw new UserError(
      'no database given: say --url postgresql://user:password@host:5432/database, or set DATABASE_URL',
    );
  }
  const inOurWords = (text: string) => oneLine(text).replaceAll('connectionString', origin);
  try {
    const resolved = resolveOptions(given ? { connectionString: given } : {}, env);
    const warnings = resolved.warnings.map((one) => ({ ...one, message: inOurWords(one.message) }));
    return { origin, resolved, warnings };
  } catch (error) {
    if (error instanceof OptionsError) throw new UserError(inOurWords(error.message));
    throw error;
  }
}

import { OptionsError, resolveOptions } from '@lifeguard/pool';
import { UserError } from '../frame/user-error.ts';
import { oneLine } from '../terminal/words.ts';

const LOOPBACK = new Set(['localhost', '127.0.0.1', '::1', '[::1]']);

/**
 * Checks `DATABASE_URL` before anything is started.
 *
 * @param ownsHost whether it may lead to another machine.
 * @throws {UserError} that says what is wrong; it never quotes the password.
 */
export function checkDatabaseUrl(text: string, ownsHost: boolean): URL {
  checkOptions(text);
  const url = parse(text);
  // As in node-postgres, the parameter counts before the address.
  const host = url.searchParams.get('host') || url.hostname;
  if (!ownsHost && !LOOPBACK.has(host.toLowerCase())) {
    throw new UserError(
      `DATABASE_URL leads to ${host}, and the demo puts its database under load: unset DATABASE_URL to use a PostgreSQL of the demo's own, or say --i-own-this-host.`,
    );
  }
  return url;
}

function checkOptions(text: string): void {
  try {
    const { warnings } = resolveOptions({}, { DATABASE_URL: text });
    const warning = warnings.find(({ unknown }) => unknown);
    if (warning) throw new UserError(oneLine(warning.message));
  } catch (error) {
    if (error instanceof OptionsError) throw new UserError(oneLine(error.message));
    throw error;
  }
}

/** node-postgres also takes a socket's folder, or no host at all; here it must be known who is loaded. */
function parse(text: string): URL {
  try {
    const url = new URL(text);
    if (url.hostname !== '') return url;
  } catch {
    // Not passed on: it holds the whole string.
  }
  throw new UserError(
    'DATABASE_URL names no host: write postgresql://user:password@host:5432/database',
  );
}

import { OptionsError } from './errors.ts';
import type { PoolConfig } from './types.ts';
import { type ConnectionUrl, readUrl } from './url.ts';

const CODE_TARGET = ['host', 'port', 'user', 'database'] as const;
// What node-postgres itself reads when it is given nothing else.
const PG_TARGET = ['PGHOST', 'PGPORT', 'PGUSER', 'PGDATABASE'] as const;

export interface UrlSource {
  url: ConnectionUrl | undefined;
  warning?: string;
}

/**
 * Finds the connection string to use.
 *
 * DATABASE_URL serves only where node-postgres would otherwise know no server at all: a pool that
 * took over from pg.Pool must not move to another database because a variable is set.
 */
export function findUrl(code: PoolConfig, env: NodeJS.ProcessEnv): UrlSource {
  const fromEnvironment = env.DATABASE_URL?.trim();
  if (code.connectionString) {
    if (typeof code.connectionString !== 'string') {
      const message = 'connectionString in code is not a string: give the text of the URL';
      throw new OptionsError('connectionString', message);
    }
    const same = code.connectionString.trim() === fromEnvironment;
    return { url: readUrl(code.connectionString, same ? 'DATABASE_URL' : 'connectionString') };
  }
  if (!fromEnvironment || CODE_TARGET.some((name) => code[name])) return { url: undefined };
  const pgName = PG_TARGET.find((name) => env[name]);
  if (pgName !== undefined) {
    const warning = `DATABASE_URL is not used because ${pgName} is set; pass it as connectionString or unset ${pgName}`;
    return { url: undefined, warning };
  }
  return { url: readUrl(fromEnvironment, 'DATABASE_URL') };
}

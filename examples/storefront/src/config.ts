import { OptionsError, resolveOptions } from '@lifeguard/pool';

/** How the server is to run; see `readConfig` for the variables. */
export interface Config {
  readonly databaseUrl: string;
  readonly host: string;
  readonly port: number;
  readonly pool: 'stock' | 'lifeguard';
  readonly repaired: boolean;
}

/** A variable that the server can't start with; the message names it and says what it should be. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

/**
 * Reads DATABASE_URL, HOST (127.0.0.1), PORT (3000; 0 takes a free one), POOL (lifeguard, or stock) and REPAIRED (0, or 1).
 *
 * @throws ConfigError that names the variable, never its value when that may hold a password
 */
export function readConfig(env: Readonly<Record<string, string | undefined>>): Config {
  const pool = oneOf('POOL', env.POOL || 'lifeguard', ['lifeguard', 'stock']);
  const repaired = oneOf('REPAIRED', env.REPAIRED || '0', ['0', '1']) === '1';
  if (repaired && pool === 'stock') {
    throw new ConfigError(
      'REPAIRED=1 needs POOL=lifeguard: the repaired homepage uses findManyGrouped.',
    );
  }
  return {
    databaseUrl: databaseUrl(env.DATABASE_URL),
    host: env.HOST || '127.0.0.1',
    port: port(env.PORT || '3000'),
    pool,
    repaired,
  };
}

function databaseUrl(value: string | undefined): string {
  const example = 'such as postgresql://user:password@localhost:5432/shop?connection_limit=5';
  if (!value)
    throw new ConfigError(`DATABASE_URL is not set: give it a PostgreSQL URL, ${example}.`);
  if (!/^postgres(ql)?:\/\//.test(value) || !URL.canParse(value)) {
    throw new ConfigError(`DATABASE_URL is not a PostgreSQL URL: write it ${example}.`);
  }
  checkParameters(value);
  return value;
}

/** Alike for both pools, though only Lifeguard's would notice. */
function checkParameters(url: string): void {
  try {
    const { warnings } = resolveOptions({}, { DATABASE_URL: url });
    const unknown = warnings.find((warning) => warning.unknown);
    if (unknown) throw new ConfigError(unknown.message);
  } catch (error) {
    if (error instanceof OptionsError) throw new ConfigError(error.message);
    throw error;
  }
}

function port(value: string): number {
  if (/^\d{1,5}$/.test(value) && Number(value) <= 65_535) return Number(value);
  throw new ConfigError(`PORT is '${value}': write a number from 0 to 65535.`);
}

function oneOf<T extends string>(name: string, value: string, allowed: readonly T[]): T {
  const found = allowed.find((one) => one === value);
  if (found !== undefined) return found;
  throw new ConfigError(`${name} is '${value}': write ${allowed.join(' or ')}.`);
}

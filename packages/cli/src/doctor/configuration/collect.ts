import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { addressOf } from '../../connection/address.ts';
import { configOf } from '../../connection/connect.ts';
import {
  type InvalidParameter,
  NoDatabaseError,
  readTarget,
  type Target,
} from '../../connection/target.ts';
import { UserError } from '../../frame/user-error.ts';
import type { Environment } from './env-file.ts';
import type { ConfigurationFacts } from './facts.ts';
import { hostKindOf } from './host-kind.ts';
import { platformOf } from './platform.ts';
import { poolPlanOf } from './pool-plan.ts';
import { projectFacts } from './project.ts';

/** What may stand in an address and must not in a report. */
const SECRET = /pass|secret|key|token/i;
/** Under which names people keep an address that goes around the pooler. */
const DIRECT_URLS = [
  'DIRECT_URL',
  'DIRECT_DATABASE_URL',
  'DATABASE_URL_UNPOOLED',
  'POSTGRES_URL_NON_POOLING',
];

export interface ConfigurationOptions {
  readonly url: string | undefined;
  readonly environment: Environment;
  /** The application's folder, where its package.json is. */
  readonly folder: string;
}

export interface CollectedConfiguration {
  /** `shop at db.example.com:5432 (DATABASE_URL in .env)`. */
  readonly where: string;
  /** The file that the address is in, or the variable's name. */
  readonly addressFile: string;
  readonly facts: ConfigurationFacts;
  readonly target: Target;
}

/**
 * Reads what the application is told of its database. A parameter that makes no sense is a fact, too.
 *
 * @throws {UserError} when no database is named, or its address can't be read at all.
 */
export function collectConfiguration({
  url,
  environment,
  folder,
}: ConfigurationOptions): CollectedConfiguration {
  const { env, fileOf } = environment;
  const invalid: InvalidParameter[] = [];
  const target = readOrHint(url, env, folder, (one) => invalid.push(one));
  const { resolved } = target;
  const address = addressOf(configOf(target, ''));
  const parameters = parametersOf(url ?? env.DATABASE_URL ?? '');
  const file = fileOf(target.origin);
  const origin = file === undefined ? target.origin : `${target.origin} in ${file}`;
  const project = projectFacts(folder);
  const placeOf = (name: keyof typeof resolved.origins) => {
    const { from, name: spelling } = resolved.origins[name];
    if (from === 'default') return 'the default';
    return `${spelling} in ${from === 'url' ? origin : (fileOf(spelling) ?? 'the environment')}`;
  };
  const facts: ConfigurationFacts = {
    origin,
    ...address,
    hostKind: hostKindOf(address.host),
    parameters,
    pool: poolPlanOf(project.reader, resolved, parameters, placeOf),
    applicationName: resolved.options.applicationName,
    declaresPooler: resolved.options.pooler === 'pgbouncer',
    tls: parameters.sslmode ?? parameters.ssl ?? env.PGSSLMODE,
    warnings: target.warnings,
    invalid,
    overruled: overruled(parameters, resolved.origins),
    directUrl: DIRECT_URLS.find((name) => env[name]),
    platform: platformOf(environment, folder),
    project,
  };
  const place = address.host.startsWith('/') ? address.host : `${address.host}:${address.port}`;
  const where = `${address.database} at ${place} (${origin})`;
  return {
    facts,
    target,
    where,
    addressFile: file ?? (target.origin === '--url' ? 'DATABASE_URL' : target.origin),
  };
}

/** A .env file is read when it is asked for; whoever has one may not have known that it has to be. */
function readOrHint(
  url: string | undefined,
  env: NodeJS.ProcessEnv,
  folder: string,
  forgive: (one: InvalidParameter) => void,
): Target {
  try {
    return readTarget(url, env, { forgive });
  } catch (error) {
    if (!(error instanceof NoDatabaseError)) throw error;
    const others = Object.keys(env).filter((name) => /^postgres(ql)?:\/\//.test(env[name] ?? ''));
    if (others.length > 0) {
      throw new UserError(
        `there is no DATABASE_URL, but ${others.join(', ')}: give what the application uses by --url`,
      );
    }
    if (!existsSync(join(folder, '.env'))) throw error;
    throw new UserError(`${error.message}; there is a .env file: --env .env reads it`);
  }
}

function parametersOf(url: string): Record<string, string> {
  const query = url.split(/\?(.*)/s)[1] ?? '';
  const pairs = [...new URLSearchParams(query)];
  return Object.fromEntries(
    pairs.map(([name, value]) => [name, SECRET.test(name) ? '***' : value]),
  );
}

/** Parameters of the address whose place an environment variable has taken. */
function overruled(
  parameters: Readonly<Record<string, string>>,
  origins: Target['resolved']['origins'],
): { parameter: string; by: string }[] {
  const pairs = [
    ['connection_limit', origins.max],
    ['pool_timeout', origins.connectionTimeoutMillis],
    ['connect_timeout', origins.connectTimeoutMillis],
  ] as const;
  return pairs
    .filter(([name, { from }]) => parameters[name] !== undefined && from === 'environment')
    .map(([parameter, { name }]) => ({ parameter, by: name }));
}

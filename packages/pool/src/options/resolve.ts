import type { PoolConfig as PgPoolConfig } from 'pg';
import { type Choice, chooseOption, type Place, type Places } from './choose.ts';
import { OptionsError } from './errors.ts';
import { consumedParameters, plainPgParameters } from './known-parameters.ts';
import { guardSecrets } from './redact.ts';
import {
  type Choices,
  checkBounds,
  settleConcurrency,
  settlePooler,
  settlePrepare,
} from './rules.ts';
import { withSearchPath } from './search-path.ts';
import { findUrl } from './source.ts';
import { type OptionTable, optionNames, optionTable, pgTimeouts } from './table.ts';
import type {
  OptionName,
  OptionWarning,
  Origin,
  PoolConfig,
  PoolOptions,
  ResolvedOptions,
} from './types.ts';
import { warnOfCodeNames, warnOfParameters } from './unknown.ts';
import type { ConnectionUrl } from './url.ts';

/**
 * Merges options in code, environment, connection string and defaults, the first given counting.
 *
 * @param code options as for pg.Pool, and Lifeguard's own.
 * @param env variables to read; default process.env. PG* variables stay node-postgres's own.
 * @throws {OptionsError} naming the parameter that cannot be used, its place and the remedy.
 */
export function resolveOptions(
  code: PoolConfig | undefined,
  env: NodeJS.ProcessEnv = process.env,
): ResolvedOptions {
  const given = code ?? {};
  const warnings: OptionWarning[] = [];
  const warn = (warning: OptionWarning) => void warnings.push(warning);

  const { url, warning } = findUrl(given, env);
  if (warning !== undefined) warn({ parameter: 'DATABASE_URL', message: warning });
  for (const message of url?.warnings ?? []) {
    warn({ parameter: url?.label ?? '', message: `${url?.label} ${message}` });
  }
  const places = placesOf(given, env, url);
  const choices = chooseAll(places, warn);
  for (const [name, row] of Object.entries(pgTimeouts)) chooseOption(row, name, places, warn);
  checkBounds(choices, places);
  settleConcurrency(choices);
  settlePrepare(choices, warn);
  settlePooler(choices, places, warn);

  const options = pick(choices, 'value') as PoolOptions;
  const origins = pick(choices, 'origin') as Record<OptionName, Origin>;
  const schema = readSchema(places.url);
  const startup = startupOptions(schema, options, places, env, warn);
  const pgConfig = pgConfigOf(given, options, url, startup);
  warnings.push(...warnOfCodeNames(given));
  if (url !== undefined) warnings.push(...warnOfOverruled(given, url), ...warnOfParameters(url));
  return { options, pgConfig, origins, warnings, ...(schema !== undefined && { schema }) };
}

function placesOf(code: PoolConfig, env: NodeJS.ProcessEnv, url?: ConnectionUrl): Places {
  // The last of several counts, as in pg-connection-string.
  const parameters = new Map(url?.parameters.map(({ name, value }) => [name, value]));
  const inCode = code as Record<string, unknown>;
  return {
    code: { from: 'code', label: 'in code', get: (name) => inCode[name] },
    environment: {
      from: 'environment',
      label: 'in the environment',
      get: (name) => env[name]?.trim(),
    },
    url: {
      from: 'url',
      label: `in ${url?.label ?? 'DATABASE_URL'}`,
      get: (name) => parameters.get(name),
    },
  };
}

function chooseAll(places: Places, warn: (warning: OptionWarning) => void): Choices {
  const choose = <Name extends OptionName>(name: Name) => {
    const row: OptionTable[Name] = optionTable[name];
    return [name, chooseOption<PoolOptions[Name]>(row, name, places, warn)] as const;
  };
  return Object.fromEntries(optionNames.map((name) => choose(name))) as unknown as Choices;
}

function pick(choices: Choices, part: keyof Choice<unknown>): object {
  return Object.fromEntries(optionNames.map((name) => [name, choices[name][part]]));
}

function readSchema(url: Place): string | undefined {
  const schema = url.get('schema');
  if (schema === '') {
    throw new OptionsError('schema', `schema ${url.label} is empty: give a name or leave it out`);
  }
  return schema === undefined ? undefined : String(schema);
}

function startupOptions(
  schema: string | undefined,
  { pooler }: PoolOptions,
  places: Places,
  env: NodeJS.ProcessEnv,
  warn: (warning: OptionWarning) => void,
): string | undefined {
  if (schema === undefined) return undefined;
  const existing = places.code.get('options') || places.url.get('options') || env.PGOPTIONS || '';
  const added = withSearchPath(schema, String(existing));
  if (added === undefined || pooler === 'none') return added;
  const message =
    'schema cannot become the search path through PgBouncer; raw SQL needs ALTER ROLE … SET search_path';
  warn({ parameter: 'schema', message });
  return undefined;
}

function pgConfigOf(
  code: PoolConfig,
  options: PoolOptions,
  url: ConnectionUrl | undefined,
  startup: string | undefined,
): PgPoolConfig {
  const config: PgPoolConfig = {
    ...code,
    max: options.max,
    min: options.min,
    connectionTimeoutMillis: options.connectionTimeoutMillis,
    idleTimeoutMillis: options.idleTimeoutMillis,
    maxLifetimeSeconds: options.maxLifetimeSeconds,
    maxUses: options.maxUses,
    allowExitOnIdle: options.allowExitOnIdle,
    keepAlive: options.keepAlive,
    keepAliveInitialDelayMillis: options.keepAliveInitialDelayMillis,
    statement_timeout: options.statementTimeoutMillis || false,
  };
  if (options.applicationName !== undefined) config.application_name = options.applicationName;
  if (startup !== undefined) config.options = startup;
  // pg-pool hides the password of its options by making it non-enumerable, so `...code` may miss it.
  if (code.password !== undefined) config.password = code.password;
  if (url !== undefined) {
    // node-postgres lets the URL win over its config; taken out of the URL, the value in code counts.
    const inCode = (name: string) => code[name as keyof PoolConfig] !== undefined;
    config.connectionString = url.keeping((name) => {
      if (consumedParameters.has(name)) return false;
      if (name === 'options' && startup !== undefined) return false;
      return !(plainPgParameters.has(name) && inCode(name));
    });
  }
  return guardSecrets(config);
}

/** What node-postgres takes from the connection string even when code gives it too. */
function warnOfOverruled(code: PoolConfig, { label, parameters }: ConnectionUrl): OptionWarning[] {
  const overruled = (parameter: string, remedy: string): OptionWarning => ({
    parameter,
    message: `${parameter} in code is ignored by node-postgres because of ${label}; ${remedy}`,
  });
  const warnings = (['host', 'port', 'user', 'database'] as const)
    .filter((name) => code[name])
    .map((name) => overruled(name, 'give only one of the two'));
  if (code.password) {
    warnings.push(overruled('password', 'give host, user and database in code instead'));
  }
  const tls = parameters.find(({ name }) => name.startsWith('ssl'))?.name;
  if (code.ssl !== undefined && tls !== undefined) {
    warnings.push(overruled('ssl', `take ${tls} out of it`));
  }
  return warnings;
}

import {
  OptionsError,
  type PoolConfig,
  type ResolvedOptions,
  resolveOptions,
} from '../options/index.ts';
import { readUrl } from '../options/url.ts';

interface Sources {
  readonly code: PoolConfig;
  readonly env: NodeJS.ProcessEnv;
}

type Tell = (message: string) => void;

/**
 * Options of a pool whose code was written for pg. What pg would have passed over must neither stop
 * the application nor lead it to another database:
 *
 * - `DATABASE_URL` is no target for a pool whose code names none, and `schema` in a connection
 *   string, which pg does not know, sets no search path;
 * - a value that can't be used is left out, and `tell` hears why.
 */
export function adoptedOptions(
  config: PoolConfig | undefined,
  tell: Tell,
  env: NodeJS.ProcessEnv = process.env,
): ResolvedOptions {
  const code = config ?? {};
  if (code.connectionString && !isReadable(code.connectionString, tell)) {
    // pg may understand it all the same.
    const resolved = adoptedOptions(changed(code, { connectionString: undefined }), tell, env);
    resolved.pgConfig.connectionString = code.connectionString;
    return resolved;
  }
  let sources = withoutUrlParameter({ code, env }, 'schema');
  for (;;) {
    try {
      return resolveOptions(sources.code, sources.env);
    } catch (error) {
      if (!(error instanceof OptionsError)) throw error;
      const rest = without(sources, error.parameter);
      if (!rest) throw error;
      tell(`${error.message} (left out)`);
      sources = rest;
    }
  }
}

function isReadable(connectionString: unknown, tell: Tell): boolean {
  // Whatever it is, pg has the last word on it.
  if (typeof connectionString !== 'string') return false;
  try {
    readUrl(connectionString, 'connectionString');
    return true;
  } catch (error) {
    if (!(error instanceof OptionsError)) throw error;
    tell(`${error.message} (no option is read from it)`);
    return false;
  }
}

/** The sources without the highest place that gives the parameter. */
function without(sources: Sources, parameter: string): Sources | undefined {
  const { code, env } = sources;
  if (code[parameter as keyof PoolConfig] !== undefined) {
    return { code: changed(code, { [parameter]: undefined }), env };
  }
  if (env[parameter]) return { code, env: { ...env, [parameter]: undefined } };
  const rest = withoutUrlParameter(sources, parameter);
  return rest.code.connectionString === code.connectionString ? undefined : rest;
}

function withoutUrlParameter({ code, env }: Sources, parameter: string): Sources {
  const { connectionString: text } = code;
  if (!text) return { code, env: { ...env, DATABASE_URL: undefined } };
  const connectionString = readUrl(text, 'connectionString').keeping((name) => name !== parameter);
  // Equal texts let messages say "in DATABASE_URL".
  const isFromEnvironment = env.DATABASE_URL?.trim() === text.trim();
  const DATABASE_URL = isFromEnvironment ? connectionString : undefined;
  return { code: changed(code, { connectionString }), env: { ...env, DATABASE_URL } };
}

function changed(code: PoolConfig, changes: PoolConfig): PoolConfig {
  const result = { ...code, ...changes };
  // pg-pool makes the password of its options non-enumerable.
  if (code.password !== undefined) result.password = code.password;
  return result;
}

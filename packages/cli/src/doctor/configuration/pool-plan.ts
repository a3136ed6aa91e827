import { availableParallelism } from 'node:os';
import type { resolveOptions } from '@lifeguard/pool';
import type { PoolPlan, PoolReader, Setting } from './facts.ts';

type Resolved = ReturnType<typeof resolveOptions>;
type OptionName = keyof Resolved['options'];

/** pg-pool's, which Prisma's adapter passes through. */
const PG_MAX = 10;
const STATEMENT_TIMEOUT = 'statement_timeout';

/**
 * What a pool makes of an address. Lifeguard reads all of it, Prisma's engine up to version 6 its own parameters;
 * Prisma's adapter and pg's pool read neither connection_limit nor pool_timeout.
 */
export function poolPlanOf(
  reader: PoolReader,
  resolved: Resolved,
  parameters: Readonly<Record<string, string>>,
  originOf: (name: OptionName) => string,
): PoolPlan {
  const lifeguards = (
    name: 'max' | 'connectionTimeoutMillis' | 'connectTimeoutMillis' | 'statementTimeoutMillis',
  ) => ({
    value: resolved.options[name],
    origin: originOf(name),
    isDefault: resolved.origins[name].from === 'default',
  });
  const all: PoolPlan = {
    max: lifeguards('max'),
    waitMillis: lifeguards('connectionTimeoutMillis'),
    connectMillis: lifeguards('connectTimeoutMillis'),
    statementMillis: lifeguards('statementTimeoutMillis'),
  };
  switch (reader) {
    case 'lifeguard':
    case 'unknown':
      return all;
    case 'prisma-engine':
      return {
        ...all,
        max: all.max.isDefault
          ? standard(availableParallelism() * 2 + 1, 'Prisma’s default, cores × 2 + 1')
          : all.max,
      };
    case 'prisma-adapter':
    case 'pg': {
      const who = reader === 'pg' ? 'pg’s pool' : 'Prisma’s adapter';
      return {
        max: standard(PG_MAX, `the default of ${who}`),
        waitMillis: standard(0, `the default of ${who}`),
        connectMillis: standard(0, `the default of ${who}`),
        statementMillis:
          parameters[STATEMENT_TIMEOUT] === undefined
            ? standard(0, `the default of ${who}`)
            : all.statementMillis,
      };
    }
  }
}

function standard<T>(value: T, origin: string): Setting<T> {
  return { value, origin, isDefault: true };
}

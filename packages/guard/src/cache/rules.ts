import { type Duration, toMillis } from '../time/duration.ts';
import { lifetimeOf, type Windows } from './freshness.ts';
import type { CacheRules } from './types.ts';

/** The rules of one read, in milliseconds. */
export interface Rules extends Windows {
  readonly lifetimeMillis: number;
  readonly timeoutMillis: number;
  readonly softTimeoutMillis: number;
}

/** The rules of a whole cache in milliseconds; `ttl` may be left to each read. */
export type SharedRules = Readonly<Record<keyof CacheRules, number | undefined>>;

const DEFAULTS: SharedRules = {
  ttl: undefined,
  swr: 0,
  staleOnError: 0,
  timeout: 10_000,
  softTimeout: 1_000,
};

/** @throws RangeError when a duration is none. */
export function shareRules(rules: CacheRules): SharedRules {
  return {
    ttl: millisOf('ttl', rules.ttl, DEFAULTS),
    swr: millisOf('swr', rules.swr, DEFAULTS),
    staleOnError: millisOf('staleOnError', rules.staleOnError, DEFAULTS),
    timeout: millisOf('timeout', rules.timeout, DEFAULTS),
    softTimeout: millisOf('softTimeout', rules.softTimeout, DEFAULTS),
  };
}

/** @throws RangeError when a duration is none, or `ttl` is given neither here nor for the whole cache. */
export function resolveRules(own: CacheRules, shared: SharedRules): Rules {
  const ttlMillis = millisOf('ttl', own.ttl, shared);
  if (ttlMillis === undefined) {
    throw new RangeError(
      'ttl is needed, for the read or for the whole cache: how long an answer is good',
    );
  }
  const swrMillis = millisOf('swr', own.swr, shared) ?? 0;
  const staleOnErrorMillis = millisOf('staleOnError', own.staleOnError, shared) ?? 0;
  const windows = { ttlMillis, swrMillis, staleOnErrorMillis };
  return {
    ...windows,
    lifetimeMillis: lifetimeOf(windows),
    timeoutMillis: millisOf('timeout', own.timeout, shared) ?? 0,
    softTimeoutMillis: millisOf('softTimeout', own.softTimeout, shared) ?? 0,
  };
}

function millisOf(
  name: keyof CacheRules,
  own: Duration | undefined,
  shared: SharedRules,
): number | undefined {
  return own === undefined ? shared[name] : toMillis(own, name);
}

/** @throws RangeError that names the option. */
export function requireCount(count: number, name: string): void {
  if (count >= 1 && (Number.isInteger(count) || count === Number.POSITIVE_INFINITY)) return;
  throw new RangeError(`${name} must be a whole number from 1 on; it is ${count}`);
}

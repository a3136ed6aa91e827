import { createRequire } from 'node:module';
import { definePool, type PgModule, Pool, type PoolConstructor } from '@lifeguard/pool';

/**
 * The pool class that Prisma's adapter accepts.
 *
 * The adapter asks `instanceof` its own copy of `pg`, and takes a pool of another copy for a
 * configuration, without a word: it would open connections of its own beside ours. So the pool is
 * made over the very copy that the adapter loads. Where that can't be found (a bundler has merged
 * everything into one file), ours is taken, and `assertTaken` looks at what came of it.
 */
export function poolClassForAdapter(): PoolConstructor {
  const require = createRequire(import.meta.url);
  try {
    const adapterRequire = createRequire(require.resolve('@prisma/adapter-pg'));
    const adapterPg = adapterRequire('pg') as PgModule;
    return Pool.prototype instanceof adapterPg.Pool ? Pool : definePool(adapterPg);
  } catch {
    return Pool;
  }
}

/**
 * Looks early, at a field that is private to the adapter; `adapter.ts` asks the adapter itself later.
 *
 * @throws {Error} when the adapter took the pool for a configuration.
 */
export function assertTaken(factory: object, pool: object): void {
  if ('externalPool' in factory && factory.externalPool !== pool) throw notTaken();
}

export function notTaken(): Error {
  return new Error(
    "@prisma/adapter-pg uses another copy of pg than Lifeguard's pool, so it would open its own connections beside it. " +
      'Keep one copy: run `npm dedupe`, or pin it with "overrides": { "pg": "$pg" } in package.json; with a bundler, mark pg as external.',
  );
}

import type pg from 'pg';
import type { PgModule } from './pg-internals.ts';

/** Leads from a class in the place of pg's `Pool` to pg's own; the same for all copies of this package. */
const ORIGINAL = Symbol.for('lifeguard.originalPool');

type PgPool = typeof pg.Pool;
type Replacement = PgPool & { readonly [ORIGINAL]?: PgPool };

/** The `Pool` that this copy of pg came with, whatever stands in its place by now. */
export function originalPool({ Pool }: PgModule): PgPool {
  return (Pool as Replacement)[ORIGINAL] ?? Pool;
}

export function isReplaced(module: PgModule): boolean {
  return originalPool(module) !== module.Pool;
}

/**
 * Puts a class that extends pg's own into its place.
 *
 * `instanceof` goes on to mean what it did: a pool that was made before, or by a class that stands
 * on pg's own as well, is a `pg.Pool` still.
 */
export function replacePool(module: PgModule, pool: unknown): void {
  const Original = originalPool(module);
  const Replaced = pool as PgPool;
  const isInstance = Function.prototype[Symbol.hasInstance];
  Object.defineProperties(Replaced, {
    [ORIGINAL]: { value: Original },
    [Symbol.hasInstance]: {
      // Subclasses inherit it, and each asks for its own instances.
      value(this: unknown, value: unknown) {
        return isInstance.call(this === Replaced ? Original : this, value);
      },
    },
  });
  Object.defineProperty(module, 'Pool', { value: Replaced });
}

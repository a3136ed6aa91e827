import type { Lifeguard } from './lifeguard.ts';

/** What is kept: `db`, and whatever stands on it. */
interface Kept {
  readonly db: Pick<Lifeguard, 'shutdown'>;
}

interface Entry {
  /** What it was made by, and the address that it was made for. */
  readonly origin: string;
  readonly value: Kept;
}

/** All of this process, also of another copy of this package. */
const SHARED = Symbol.for('lifeguard.one-per-process');
const shared = globalThis as { [SHARED]?: Map<string, Entry> };

/** What bundlers call an import. Next.js calls it otherwise for pages than for route handlers. */
const NAME_OF_BUNDLER = /[\w$]*__(?:TURBOPACK__|WEBPACK_|vite_)[\w$]*/g;

/**
 * Makes a client once in a process, however often the module that asks for it is loaded: by servers that reload
 * what was edited, and by Next.js, which builds pages and route handlers apart, each with the module in it. Without it each
 * of them has a pool of its own.
 *
 * When DATABASE_URL, or in development the function, was changed, a new one is made, and the old one is drained and closed.
 *
 * ```ts
 * export const { db, prisma } = onePerProcess(() => {
 *   const db = lifeguard();
 *   return { db, prisma: new PrismaClient({ adapter: db.adapter }).$extends(db.extension) };
 * });
 * ```
 *
 * @param name tells several clients of one process apart; default `default`.
 */
export function onePerProcess<T extends Kept>(make: () => T, name = 'default'): T {
  shared[SHARED] ??= new Map();
  const entries = shared[SHARED];
  const origin = originOf(make);
  const kept = entries.get(name);
  if (kept?.origin === origin) return kept.value as T;
  const value = make();
  entries.set(name, { origin, value });
  // Requests under way still use it; nobody waits for its end.
  kept?.value.db.shutdown().catch(() => {});
  return value;
}

/** Two bundles of one module have the same: else each would close the client of the other. */
function originOf(make: () => unknown): string {
  // What is minified has other names in each bundle, and nobody edits it.
  const isEdited = process.env.NODE_ENV !== 'production';
  const text = isEdited ? String(make).replace(NAME_OF_BUNDLER, '_') : '';
  return `${text}\n${process.env.DATABASE_URL ?? ''}`;
}

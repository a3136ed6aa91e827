import type { Lifeguard } from './lifeguard.ts';

/** What is kept: `db`, and whatever stands on it. */
interface Kept {
  readonly db: Pick<Lifeguard, 'shutdown'>;
}

interface Entry {
  /** The text of the function that made it, and the address that it was made for. */
  readonly origin: string;
  readonly value: Kept;
}

/** All of this process, also of another copy of this package. */
const SHARED = Symbol.for('lifeguard.one-per-process');
const shared = globalThis as { [SHARED]?: Map<string, Entry> };

/**
 * Makes a client once in a process, however often the module that asks for it is loaded anew, as it is by Next.js,
 * Vite and other servers that reload what was edited: without it each reload leaves a pool behind.
 *
 * When the function or DATABASE_URL was changed, a new one is made, and the old one is drained and closed.
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
  const origin = `${make}\n${process.env.DATABASE_URL ?? ''}`;
  const kept = entries.get(name);
  if (kept?.origin === origin) return kept.value as T;
  const value = make();
  entries.set(name, { origin, value });
  // Requests under way still use it; nobody waits for its end.
  kept?.value.db.shutdown().catch(() => {});
  return value;
}

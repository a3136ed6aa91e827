import { AsyncLocalStorage } from 'node:async_hooks';
import { diagnose } from '@lifeguard/guard';

type Drop = (tags: readonly string[]) => Promise<void>;

/** What to drop when the transaction that this code runs in has been committed. */
const storage = new AsyncLocalStorage<Set<string>>();

/** Notes tags for the transaction that this code runs in; false when there is none. */
export function dropAfterCommit(tags: readonly string[]): boolean {
  const noted = storage.getStore();
  for (const tag of tags) noted?.add(tag);
  return noted !== undefined;
}

/** Runs a `$transaction`; when it has been committed, what was noted in it is dropped. */
export async function droppingAfterCommit<T>(
  drop: Drop,
  transaction: () => Promise<T>,
): Promise<T> {
  const noted = new Set<string>();
  const dropNoted = async () => {
    const tags = [...noted];
    if (tags.length === 0) return;
    // In another transaction's body this may be a part of that one, and committed with it only.
    dropAfterCommit(tags);
    await drop(tags);
  };
  return dropping(dropNoted, () => storage.run(noted, transaction));
}

/** Runs a write and drops what it may have changed: also when nobody knows whether it has. */
export async function dropping<T>(drop: () => Promise<void>, write: () => Promise<T>): Promise<T> {
  let result: T;
  try {
    result = await write();
  } catch (error) {
    if (mayBeDone(error)) await drop();
    throw error;
  }
  await drop();
  return result;
}

function mayBeDone(error: unknown): boolean {
  const { kind, outcome } = diagnose(error);
  // What is unknown was thrown by the application, and has rolled the transaction back.
  return kind !== 'unknown' && outcome === 'unknown';
}

import type { HeldCheckout } from '../context/hold-scope.ts';

/** A lent connection, as the search for a deadlock sees it. */
export interface LentConnection {
  readonly checkout: HeldCheckout | undefined;
  /** Its holder has no statement under way, so that only the holder can end the wait. */
  readonly isIdle: boolean;
}

/** A request of a flow that holds a connection. */
export interface NestedWaiter {
  readonly enqueuedAt: number;
  readonly held: HeldCheckout;
}

/**
 * The youngest of those who wait for a second connection, when every connection that could be given to
 * them is held by one who waits so as well: the circles of the graph "waits for whoever holds" close
 * everywhere, and nobody will ever go on. Undefined as long as somebody may.
 */
export function findSelfDeadlock<T extends NestedWaiter>(
  lent: readonly LentConnection[],
  waiting: readonly T[],
): T | undefined {
  if (lent.length === 0 || waiting.length === 0) return undefined;
  const stuck = new Set(waiting.map(({ held }) => held));
  if (!lent.every(({ checkout, isIdle }) => isIdle && checkout && stuck.has(checkout)))
    return undefined;
  return waiting.reduce((a, b) => (b.enqueuedAt > a.enqueuedAt ? b : a));
}

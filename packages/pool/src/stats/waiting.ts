import type { CallContext } from '../context/context.ts';
import type { Request } from '../queue/request.ts';
import { StatementRequest } from '../queue/statement-request.ts';
import type { WaitingStats } from './pool-stats.ts';

/** Under overload thousands wait: so many tell who, and reading stays cheap. */
export const MOST_LOOKED_AT = 1_000;
const MOST_LISTED = 20;

/** A caller that waits for a connection or a lane. */
export interface Waiter {
  readonly enqueuedAt: number;
  readonly context: CallContext | undefined;
  /** It wants one for one statement. */
  readonly isStatement: boolean;
}

/** Requests of the pool's queue as those who wait. */
export function asWaiters(requests: readonly Request[]): Waiter[] {
  return requests.map((request) => ({
    enqueuedAt: request.enqueuedAt,
    context: request.context,
    isStatement: request instanceof StatementRequest,
  }));
}

/** Who waits, by what they want to do; the most callers first. */
export function countWaiting(waiters: readonly Waiter[], now: number): WaitingStats[] {
  const byOwner = new Map<string, { owner: string; callers: number; longestMillis: number }>();
  for (const waiter of waiters) {
    const owner = ownerOf(waiter);
    const waitMillis = now - waiter.enqueuedAt;
    const known = byOwner.get(owner);
    if (!known) {
      byOwner.set(owner, { owner, callers: 1, longestMillis: waitMillis });
      continue;
    }
    known.callers++;
    known.longestMillis = Math.max(known.longestMillis, waitMillis);
  }
  return [...byOwner.values()].sort((a, b) => b.callers - a.callers).slice(0, MOST_LISTED);
}

function ownerOf({ context, isStatement }: Waiter): string {
  const { owner, request: scope } = context ?? {};
  const who = owner?.label ?? (isStatement ? 'a statement' : 'a checkout');
  return scope ? `${who} in ${scope.route}` : who;
}

import type { Request } from '../queue/request.ts';
import { StatementRequest } from '../queue/statement-request.ts';
import type { WaitingStats } from './pool-stats.ts';

/** Under overload thousands wait: so many tell who, and reading stays cheap. */
export const MOST_LOOKED_AT = 1_000;
const MOST_LISTED = 20;

/** Who waits, by what they want to do; the most callers first. */
export function countWaiting(requests: readonly Request[], now: number): WaitingStats[] {
  const byOwner = new Map<string, { owner: string; callers: number; longestMillis: number }>();
  for (const request of requests) {
    const owner = ownerOf(request);
    const waitMillis = now - request.enqueuedAt;
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

function ownerOf(request: Request): string {
  const { owner, request: scope } = request.context ?? {};
  const unnamed = request instanceof StatementRequest ? 'a statement' : 'a checkout';
  const who = owner?.label ?? unnamed;
  return scope ? `${who} in ${scope.route}` : who;
}

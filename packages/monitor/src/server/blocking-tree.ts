import type { Session } from './queries/activity.ts';

/** A session that blocks others, or waits for one that does. */
export interface BlockingNode<S = Session> {
  readonly pid: number;
  /** Undefined: a prepared transaction (pid 0), or one that was gone when the sessions were read. */
  readonly session: S | undefined;
  /** Others, besides the one above it, that it waits for as well. */
  readonly alsoBlockedBy: readonly number[];
  readonly blocks: readonly BlockingNode<S>[];
  /** How many wait for it, directly or not. */
  readonly waiting: number;
}

type Blockable = Pick<Session, 'pid' | 'blockedBy'>;

/**
 * Who waits for whom, as trees: at each root whoever waits for nobody, and holds up the most first. Every
 * waiting session stands in one place, below the first whom it waits for. Those that wait for each other
 * have no root of their own: the smallest pid of such a circle stands for one.
 */
export function blockingTree<S extends Blockable>(sessions: readonly S[]): BlockingNode<S>[] {
  const byPid = new Map(sessions.map((session) => [session.pid, session]));
  const below = new Map<number, S[]>();
  for (const session of sessions) {
    const [first] = session.blockedBy;
    if (first === undefined) continue;
    const list = below.get(first) ?? [];
    list.push(session);
    below.set(first, list);
  }
  const placed = new Set<number>();
  const grow = (pid: number, above: number | undefined): BlockingNode<S> => {
    placed.add(pid);
    const session = byPid.get(pid);
    const blocks = (below.get(pid) ?? [])
      .filter((waiter) => !placed.has(waiter.pid))
      .map((waiter) => grow(waiter.pid, pid))
      .sort(mostWaitingFirst);
    return {
      pid,
      session,
      alsoBlockedBy: [...new Set(session?.blockedBy)].filter((other) => other !== above),
      blocks,
      waiting: blocks.reduce((sum, node) => sum + 1 + node.waiting, 0),
    };
  };
  const isRoot = (pid: number) => (byPid.get(pid)?.blockedBy.length ?? 0) === 0;
  const roots = [...below.keys()].filter(isRoot).map((pid) => grow(pid, undefined));
  for (const pid of [...below.keys()].sort((a, b) => a - b)) {
    if (!placed.has(pid)) roots.push(grow(pid, undefined));
  }
  return roots.sort(mostWaitingFirst);
}

function mostWaitingFirst(a: BlockingNode<unknown>, b: BlockingNode<unknown>): number {
  return b.waiting - a.waiting || a.pid - b.pid;
}

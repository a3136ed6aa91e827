import { type Figure, type Goal, LIFEGUARD } from '../cases/case.ts';
import type { PeerResult } from './results.ts';

/** A goal and what came of it. */
export interface GoalResult extends Goal {
  /** Our figure, divided by the peer's (or less it) if there is one to compare with; null when there is none. */
  readonly reached: number | null;
  readonly met: boolean;
}

type Medians = readonly Pick<PeerResult, 'peer' | 'median'>[];

export function judgeGoals(
  goals: readonly Goal[],
  figures: readonly Figure[],
  peers: Medians,
): GoalResult[] {
  return goals.map((goal) => {
    const figure = figures.find(({ name }) => name === goal.figure);
    if (!figure) throw new Error(`a goal speaks of '${goal.figure}', which is not measured`);
    const reached = reachedOf(goal, figure, peers);
    const { atLeast = Number.NEGATIVE_INFINITY, atMostMore } = goal;
    const { atMost = atMostMore ?? Number.POSITIVE_INFINITY } = goal;
    const met = reached !== undefined && reached >= atLeast && reached <= atMost;
    return { ...goal, reached: reached ?? null, met };
  });
}

function reachedOf({ against, atMostMore }: Goal, { name, better }: Figure, peers: Medians) {
  const ours = peers.find(({ peer }) => peer === LIFEGUARD)?.median[name];
  if (against === undefined) return ours;
  if (against !== 'the best') {
    const theirs = peers.find(({ peer }) => peer === against)?.median[name];
    return atMostMore === undefined ? ratio(ours, theirs) : difference(ours, theirs);
  }
  const others = peers
    .filter(({ peer }) => !peer.startsWith(LIFEGUARD))
    .flatMap(({ median }) => median[name] ?? []);
  return ratio(ours, better === 'more' ? Math.max(...others) : Math.min(...others));
}

function difference(ours: number | undefined, theirs: number | undefined): number | undefined {
  return ours === undefined || theirs === undefined ? undefined : ours - theirs;
}

/** Undefined where it would mean nothing. */
export function ratio(ours: number | undefined, theirs: number | undefined): number | undefined {
  if (ours === undefined || theirs === undefined || theirs === 0) return undefined;
  const value = ours / theirs;
  return Number.isFinite(value) ? value : undefined;
}

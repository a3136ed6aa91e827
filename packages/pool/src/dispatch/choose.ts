/**
 * Which connection a statement goes to. Pure: the state in, the choice out.
 */

/** What the choice looks at; a lane is one connection's statements under way. */
export interface LaneView {
  readonly length: number;
  readonly pendingMillis: number;
  readonly capped: boolean;
  isOverdue(now: number): boolean;
}

/**
 * Short statements are packed onto a connection until this much work stands there: the price that
 * a statement pays at most for its company, and what keeps the other connections free.
 */
export const PACK_MILLIS = 2;

export interface ShortChoice {
  readonly now: number;
  /** The most statements on one connection. */
  readonly depth: number;
  /** Lanes that are being emptied for callers who need a whole connection. */
  readonly heldBack: ReadonlySet<LaneView>;
}

/**
 * The lane for a short statement: the fullest that has little work, else an empty one, else the
 * one with the least work. None behind a long or overdue statement, none beyond `depth`.
 */
export function chooseForShort<T extends LaneView>(
  lanes: readonly T[],
  { now, depth, heldBack }: ShortChoice,
): T | undefined {
  let packed: T | undefined;
  let empty: T | undefined;
  let least: T | undefined;
  for (const lane of lanes) {
    if (lane.capped || lane.length >= depth || heldBack.has(lane) || lane.isOverdue(now)) continue;
    if (lane.length === 0) empty = lane;
    else if (lane.pendingMillis < PACK_MILLIS) {
      if (!packed || lane.pendingMillis > packed.pendingMillis) packed = lane;
    } else if (!least || lane.pendingMillis < least.pendingMillis) least = lane;
  }
  return packed ?? empty ?? least;
}

export interface WholeDemand {
  /** Callers that wait for a whole connection. */
  readonly waiting: number;
  readonly max: number;
  /** Connections that already serve one caller alone. */
  readonly taken: number;
  /** Connections kept for the shared lane. */
  readonly reserved: number;
}

/** How many more connections may be given to one caller alone. */
export function wholesAllowed({ max, taken, reserved }: Omit<WholeDemand, 'waiting'>): number {
  return Math.max(0, max - reserved - taken);
}

/**
 * The lanes that take no more short statements, so that they fall empty for waiting callers:
 * those with the least work. Otherwise a steady stream of short statements would starve the rest.
 */
export function chooseHeldBack<T extends LaneView>(
  lanes: readonly T[],
  demand: WholeDemand,
): ReadonlySet<T> {
  const wanted = Math.min(demand.waiting, wholesAllowed(demand));
  if (wanted === 0) return NONE as ReadonlySet<T>;
  const candidates = lanes.filter((lane) => !lane.capped);
  candidates.sort((a, b) => a.pendingMillis - b.pendingMillis);
  return new Set(candidates.slice(0, wanted));
}

const NONE: ReadonlySet<LaneView> = new Set();

/**
 * Which connection a request goes to. Pure: the state in, the choice out.
 */
import type { Pace } from '../statement/profiles.ts';

/** What the choice looks at of a connection that is open to all. */
export interface Candidate {
  /** False: it is lent, closing, or on its way out. */
  readonly isOpenToAll: boolean;
  readonly lane: {
    /** Statements under way. */
    readonly length: number;
    /** What they are expected to cost together. */
    readonly pendingMillis: number;
    /** Set when the last of them is not short: nothing may stand behind it. */
    readonly cap: Pace | undefined;
    isOverdue(now: number): boolean;
  };
}

/**
 * Short statements are packed onto a connection until this much work stands there: the price that
 * a statement pays at most for its company, and what keeps the other connections free.
 */
export const PACK_MILLIS = 2;

/**
 * With so many statements a connection is full, but for what would wait otherwise and costs next to
 * nothing: of 100 very cheap ones each takes less of the network, and of this process, than of 20.
 */
const FULL = 20;

export interface ShortChoice<T extends Candidate> {
  readonly now: number;
  /** The most statements on one connection. */
  readonly depth: number;
  /** Connections that are being emptied for callers who need a whole one. */
  readonly heldBack: ReadonlySet<T>;
}

/** Not behind a long or overdue statement, not behind too much work, and not beyond `depth`. */
export function takesShorts({ lane, isOpenToAll }: Candidate, now: number, depth: number): boolean {
  const hasRoom = lane.length < FULL || lane.pendingMillis < PACK_MILLIS;
  return isOpenToAll && !lane.cap && lane.length < depth && hasRoom && !lane.isOverdue(now);
}

/**
 * The connection for a short statement: the fullest that has little work and is not full, else an empty
 * one, else the one with the least work. None that {@link takesShorts} says no of, none that is held back.
 */
export function chooseForShort<T extends Candidate>(
  candidates: readonly T[],
  { now, depth, heldBack }: ShortChoice<T>,
): T | undefined {
  let packed: T | undefined;
  let empty: T | undefined;
  let least: T | undefined;
  for (const candidate of candidates) {
    const { lane } = candidate;
    if (heldBack.has(candidate) || !takesShorts(candidate, now, depth)) continue;
    if (lane.length === 0) empty = candidate;
    else if (lane.pendingMillis < PACK_MILLIS && lane.length < FULL) {
      if (!packed || lane.pendingMillis > packed.lane.pendingMillis) packed = candidate;
    } else if (!least || lane.pendingMillis < least.lane.pendingMillis) least = candidate;
  }
  return packed ?? empty ?? least;
}

/**
 * The connections that take no more short statements, so that they fall empty for `wanted` waiting
 * callers: those that were doing so `before`, then those with the least work. Otherwise a steady stream
 * of short ones would starve the rest; chosen anew each time, two would take turns and never be empty.
 */
export function chooseHeldBack<T extends Candidate>(
  open: readonly T[],
  { now, wanted, before }: HoldingBack<T>,
): ReadonlySet<T> {
  if (wanted <= 0) return NONE as ReadonlySet<T>;
  const goesOn = (one: T) => (before.has(one) ? 0 : 1);
  return new Set(
    open
      .filter(({ lane }) => !lane.cap && !lane.isOverdue(now))
      .sort((a, b) => goesOn(a) - goesOn(b) || a.lane.pendingMillis - b.lane.pendingMillis)
      .slice(0, wanted),
  );
}

export interface HoldingBack<T> {
  readonly now: number;
  /** So many callers wait for an empty connection. */
  readonly wanted: number;
  /** What was chosen last. */
  readonly before: ReadonlySet<T>;
}

const NONE: ReadonlySet<never> = new Set();

/** A reserve for the shared lane would leave less than two for everybody else. */
const RESERVE_FROM_MAX = 3;

/**
 * How many connections checkouts and long statements may take together. One stays with the others,
 * so that long transactions can't stop short reads and health checks.
 */
export function mostWholes(options: {
  readonly max: number;
  readonly reserveShared: boolean;
  readonly multiplex: boolean;
}): number {
  const { max, reserveShared, multiplex } = options;
  return multiplex && reserveShared && max >= RESERVE_FROM_MAX ? max - 1 : max;
}

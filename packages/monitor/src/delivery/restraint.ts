import type { IncidentChange } from '../incidents/incident-log.ts';

export interface RestraintOptions {
  /** What comes back within so long of having been told is not told again. */
  readonly repeatMillis: number;
  /** In any minute, at most so many. */
  readonly perMinute: number;
}

const MINUTE_MILLIS = 60_000;
/** Incidents that were told, and are remembered for it. */
const MOST_REMEMBERED = 1_000;

/** Decides what is worth somebody's attention, so that a bad hour does not become a thousand messages. */
export class Restraint {
  readonly #options: RestraintOptions;
  /** When each was told last; the latest last. */
  readonly #toldAt = new Map<string, number>();
  /** Those whose beginning was told: only their end is worth telling. */
  readonly #open = new Set<string>();
  #recent: number[] = [];
  #heldBack = 0;

  constructor(options: RestraintOptions) {
    this.#options = options;
  }

  /** How many were not told since this was asked last, because there were too many. */
  takeHeldBack(): number {
    const count = this.#heldBack;
    this.#heldBack = 0;
    return count;
  }

  allows({ type, incident: { id } }: IncidentChange, now: number): boolean {
    if (type === 'over') return this.#open.delete(id) && this.#hasRoom(now);
    const toldAt = this.#toldAt.get(id);
    if (toldAt !== undefined && now - toldAt < this.#options.repeatMillis) return false;
    if (!this.#hasRoom(now)) return false;
    this.#toldAt.delete(id);
    this.#toldAt.set(id, now);
    this.#open.add(id);
    this.#forgetOldest();
    return true;
  }

  #hasRoom(now: number): boolean {
    this.#recent = this.#recent.filter((at) => now - at < MINUTE_MILLIS);
    if (this.#recent.length >= this.#options.perMinute) {
      this.#heldBack++;
      return false;
    }
    this.#recent.push(now);
    return true;
  }

  #forgetOldest(): void {
    for (const id of this.#toldAt.keys()) {
      if (this.#toldAt.size <= MOST_REMEMBERED) return;
      this.#toldAt.delete(id);
      this.#open.delete(id);
    }
  }
}

import { AsyncLocalStorage } from 'node:async_hooks';
import { NoAnswerError } from '../time/no-answer-error.ts';
import type { WallClock } from '../time/wall-clock.ts';
import { within } from '../time/within.ts';
import type { RefreshSlots } from './refresh-slots.ts';
import type { Load } from './types.ts';

const SOURCE = 'the source';

/** What a load brought. */
export interface Landed {
  readonly value: unknown;
  /** When the source was asked. */
  readonly readAt: number;
  /** The value encoded, unless it holds what can't be. */
  readonly text: string | undefined;
}

/** One load of a key, for everybody who asks for it meanwhile. */
export interface Flight {
  readonly key: string;
  readonly tags: readonly string[];
  /** When it began to wait for its turn. */
  readonly startedAt: number;
  readonly landing: Promise<Landed>;
  /** Its key or one of its tags was invalidated meanwhile: what it brings may be old already. */
  isOvertaken: boolean;
}

export interface FlightPlan {
  readonly key: string;
  readonly tags: readonly string[];
  readonly load: Load<unknown>;
  readonly timeoutMillis: number;
  /** Encodes and keeps what came, before anybody hears of it. */
  readonly land: (flight: Flight, value: unknown, readAt: number) => Landed;
}

/** The loads under way: one for a key, and no more at once than there are slots, but for loads within loads. */
export class Flights {
  readonly #slots: RefreshSlots;
  readonly #clock: WallClock;
  readonly #flights = new Map<string, Flight>();
  /** Set for what a load does. */
  readonly #within = new AsyncLocalStorage<true>();

  constructor(slots: RefreshSlots, clock: WallClock) {
    this.#slots = slots;
    this.#clock = clock;
  }

  get(key: string): Flight | undefined {
    return this.#flights.get(key);
  }

  /** Starts a load, or lines it up when all slots are taken. */
  start(plan: FlightPlan): Flight {
    const { key, tags } = plan;
    const startedAt = this.#clock.now();
    const landing = this.#fly(plan, startedAt)
      .then(({ value, readAt }) => plan.land(flight, value, readAt))
      .finally(() => {
        if (this.#flights.get(key) === flight) this.#flights.delete(key);
      });
    const flight: Flight = { key, tags, startedAt, landing, isOvertaken: false };
    // Whoever waits for it hears of a failure; perhaps nobody does.
    landing.catch(() => {});
    this.#flights.set(key, flight);
    return flight;
  }

  /** Who asks from now on gets a load of its own. */
  invalidate(keys: readonly string[], tags: readonly string[]): void {
    for (const key of keys) this.#overtake(this.#flights.get(key));
    if (tags.length === 0) return;
    const dropped = new Set(tags);
    for (const flight of this.#flights.values()) {
      if (flight.tags.some((tag) => dropped.has(tag))) this.#overtake(flight);
    }
  }

  invalidateAll(): void {
    for (const flight of this.#flights.values()) this.#overtake(flight);
  }

  #overtake(flight: Flight | undefined): void {
    if (!flight) return;
    flight.isOvertaken = true;
    this.#flights.delete(flight.key);
  }

  async #fly({ load, timeoutMillis }: FlightPlan, startedAt: number) {
    // Within another load it would wait for those that wait for it.
    const needsSlot = !this.#within.getStore();
    if (needsSlot && !this.#slots.tryTake()) await this.#turn(timeoutMillis);
    const readAt = this.#clock.now();
    const controller = new AbortController();
    try {
      const answer = this.#within.run(true, async () => load(controller.signal));
      const rest = Math.max(0, startedAt + timeoutMillis - readAt);
      return { value: await within(rest, SOURCE, answer, this.#clock), readAt };
    } catch (error) {
      if (error instanceof NoAnswerError) controller.abort(error);
      throw error;
    } finally {
      // Also of a load that goes on in vain: one that never ends would keep its slot for ever.
      if (needsSlot) this.#slots.release();
    }
  }

  #turn(timeoutMillis: number): Promise<void> {
    return new Promise((resolve, reject) => {
      const giveUp = this.#slots.line(() => {
        cancelTimer();
        resolve();
      });
      const cancelTimer = this.#clock.after(timeoutMillis, () => {
        giveUp();
        reject(new NoAnswerError(SOURCE, timeoutMillis));
      });
    });
  }
}

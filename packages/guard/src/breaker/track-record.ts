import type { Verdict } from './verdict.ts';

/** When failures are an outage. */
export interface OutageLimits {
  /** How far back the ratio looks, in milliseconds. */
  readonly windowMillis: number;
  /** Calls in the window below which the ratio says nothing. */
  readonly minimumCalls: number;
  /** Of the calls in the window, from which on they are an outage. */
  readonly failureRatio: number;
  /** Connection-level failures with no answer of the server between them. */
  readonly consecutive: number;
}

/** Why the breaker opens. */
export interface Outage {
  readonly rule: 'consecutive' | 'ratio';
  readonly failures: number;
  readonly calls: number;
}

/**
 * Failures must be spread over this time. One lost connection fails every statement on it at the same
 * moment, however many they are: that is no outage.
 */
export const SPREAD_MILLIS = 100;

const SLOTS = 10;

interface Slot {
  readonly number: number;
  calls: number;
  failures: number;
  firstFailureAt: number;
}

/** What the last calls have shown: a window in ten slots, and a run of failures. */
export class TrackRecord {
  readonly #limits: OutageLimits;
  #slots: Slot[] = [];
  #run = 0;
  #runBeganAt = 0;

  constructor(limits: OutageLimits) {
    this.#limits = limits;
  }

  /** Takes down how a call ended; an outage, if that is what it makes of them. */
  count(verdict: Exclude<Verdict, 'nothing'>, now: number): Outage | undefined {
    const isFailure = verdict !== 'alive';
    const slot = this.#slotAt(now);
    slot.calls++;
    if (isFailure) {
      if (slot.failures === 0) slot.firstFailureAt = now;
      slot.failures++;
    }
    if (verdict === 'alive') this.#run = 0;
    if (verdict === 'lost' && this.#run++ === 0) this.#runBeganAt = now;
    return isFailure ? (this.#longRun(now) ?? this.#highRatio(now)) : undefined;
  }

  #longRun(now: number): Outage | undefined {
    const failures = this.#run;
    if (failures < this.#limits.consecutive || now - this.#runBeganAt < SPREAD_MILLIS) return;
    return { rule: 'consecutive', failures, calls: failures };
  }

  #highRatio(now: number): Outage | undefined {
    let calls = 0;
    let failures = 0;
    let firstFailureAt = Infinity;
    for (const slot of this.#slots) {
      calls += slot.calls;
      failures += slot.failures;
      if (slot.failures > 0) firstFailureAt = Math.min(firstFailureAt, slot.firstFailureAt);
    }
    const { minimumCalls, failureRatio } = this.#limits;
    if (calls < minimumCalls || failures < calls * failureRatio) return;
    if (now - firstFailureAt < SPREAD_MILLIS) return;
    return { rule: 'ratio', failures, calls };
  }

  #slotAt(now: number): Slot {
    const number = Math.floor((now * SLOTS) / this.#limits.windowMillis);
    const last = this.#slots.at(-1);
    if (last?.number === number) return last;
    this.#slots = this.#slots.filter((slot) => slot.number > number - SLOTS);
    const slot = { number, calls: 0, failures: 0, firstFailureAt: Infinity };
    this.#slots.push(slot);
    return slot;
  }
}

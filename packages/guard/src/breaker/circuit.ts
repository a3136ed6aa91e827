import { type Outage, type OutageLimits, TrackRecord } from './track-record.ts';
import type { Verdict } from './verdict.ts';

/**
 * `closed`: everybody is let through. `open`: nobody. `half-open`: probes. `returning`: the database
 * answers again, and a rising share is let through.
 */
export type BreakerState = 'closed' | 'open' | 'half-open' | 'returning';

/** How the breaker behaves once it is open. All times in milliseconds. */
export interface CircuitLimits extends OutageLimits {
  readonly openMillis: number;
  readonly maxOpenMillis: number;
  readonly probes: number;
  /** After that a probe counts as hanging. */
  readonly probeMillis: number;
  readonly rampMillis: number;
}

/** What the circuit gives a call that it lets through, and wants back with the verdict. */
export interface Pass {
  readonly generation: number;
  /** When it was let through. */
  readonly since: number;
}

/** Each time the state changes. */
export type Change =
  | {
      readonly to: 'open';
      /** Undefined when it was a probe that failed. */
      readonly outage: Outage | undefined;
      readonly openMillis: number;
    }
  | { readonly to: 'half-open' }
  | { readonly to: 'returning' }
  | { readonly to: 'closed'; readonly outageMillis: number };

type Phase =
  | { readonly state: 'closed'; readonly record: TrackRecord }
  | { readonly state: 'open'; readonly until: number }
  | {
      readonly state: 'half-open';
      lastProbeAt: number;
      /** A probe gave no answer in time: nobody waits for the next one. */
      hasHung: boolean;
    }
  | {
      readonly state: 'returning';
      readonly since: number;
      readonly until: number;
      readonly record: TrackRecord;
      /** Grows by the share with each call; a call costs 1. */
      credit: number;
    };

/** Of the calls, what is let through at the beginning of the return. */
const FIRST_SHARE = 0.1;

/** While the database is only just back, this many failures are enough. */
const DOUBTFUL = 2;

/** The states of a breaker and what leads from one to another. No clock, no timer, no errors. */
export class Circuit {
  readonly #limits: CircuitLimits;
  readonly #random: () => number;
  readonly #onChange: (change: Change) => void;
  #phase: Phase;
  /** A verdict counts only in the generation in which its call was let through. */
  #generation = 0;
  /** Calls of this generation under way. */
  #underWay = 0;
  /** In a row, without the circuit having been closed between them. */
  #openings = 0;
  #openedAt = 0;

  constructor(limits: CircuitLimits, random: () => number, onChange: (change: Change) => void) {
    this.#limits = limits;
    this.#random = random;
    this.#onChange = onChange;
    this.#phase = { state: 'closed', record: new TrackRecord(limits) };
  }

  /** Reading it changes nothing: the time of the return may be over though no call has come since. */
  state(now: number): BreakerState {
    const phase = this.#phase;
    return phase.state === 'returning' && now >= phase.until ? 'closed' : phase.state;
  }

  /** When it first opened in this outage. Of no meaning while closed. */
  get openedAt(): number {
    return this.#openedAt;
  }

  /** Lets a call through, or not. */
  admit(now: number): Pass | undefined {
    this.#passTime(now);
    const phase = this.#phase;
    switch (phase.state) {
      case 'closed':
        return this.#letThrough(now);
      case 'open':
        return undefined;
      case 'half-open': {
        // A probe that hangs must not hold up the return: after a while another one is sent.
        const isFree = this.#underWay < this.#limits.probes;
        if (!isFree && now - phase.lastProbeAt < this.#limits.probeMillis) return undefined;
        if (!isFree) phase.hasHung = true;
        phase.lastProbeAt = now;
        return this.#letThrough(now);
      }
      case 'returning':
        phase.credit += shareOf(phase, now);
        // Where there is little traffic nobody need be refused.
        if (phase.credit < 1 && this.#underWay > 0) return undefined;
        phase.credit = Math.max(0, phase.credit - 1);
        return this.#letThrough(now);
    }
  }

  /** Lets a call through that has waited for its turn, or not. */
  admitWaiting(now: number): Pass | undefined {
    this.#passTime(now);
    return this.#phase.state === 'returning' ? this.#letThrough(now) : this.admit(now);
  }

  /**
   * How long it is worth waiting for who was not let through: for the answer to a probe, until that counts as
   * hanging, and in the return until its end.
   */
  worthWaitingMillis(now: number): number {
    const { state } = this.#phase;
    const isWorthIt = state === 'returning' || (state === 'half-open' && !this.#phase.hasHung);
    return isWorthIt ? this.retryAfterMillis(now) : 0;
  }

  /** Takes the verdict on a call that was let through. */
  settle(pass: Pass, verdict: Verdict, now: number): void {
    if (pass.generation !== this.#generation) return;
    this.#underWay--;
    this.#passTime(now);
    if (verdict === 'nothing') return;
    const phase = this.#phase;
    switch (phase.state) {
      case 'closed':
      case 'returning': {
        const outage = phase.record.count(verdict, now);
        if (outage) this.#open(outage, now, now);
        return;
      }
      case 'half-open':
        if (verdict === 'alive') this.#return(now);
        // One that failed after so long was lost long ago; the database may be back since.
        else if (now - pass.since < this.#limits.probeMillis) {
          this.#open(undefined, pass.since, now);
        }
        return;
      case 'open':
        // Opening begins a new generation, of which nobody was let through.
        throw new Error('a call was under way through an open circuit');
    }
  }

  /** How long until a refused caller may be let through; 0 when it may be now. */
  retryAfterMillis(now: number): number {
    const phase = this.#phase;
    switch (phase.state) {
      case 'closed':
        return 0;
      case 'open':
        return Math.max(0, phase.until - now);
      case 'half-open':
        if (this.#underWay < this.#limits.probes) return 0;
        return Math.max(0, phase.lastProbeAt + this.#limits.probeMillis - now);
      case 'returning':
        return Math.max(0, phase.until - now);
    }
  }

  #letThrough(now: number): Pass {
    this.#underWay++;
    return { generation: this.#generation, since: now };
  }

  #passTime(now: number): void {
    const phase = this.#phase;
    if (phase.state === 'open' && now >= phase.until) {
      this.#phase = { state: 'half-open', lastProbeAt: now, hasHung: false };
      this.#onChange({ to: 'half-open' });
    } else if (phase.state === 'returning' && now >= phase.until) {
      // The same generation: what was let through on the way back counts as well.
      this.#phase = { state: 'closed', record: new TrackRecord(this.#limits) };
      this.#openings = 0;
      this.#onChange({ to: 'closed', outageMillis: now - this.#openedAt });
    }
  }

  /** `from`: a probe that took long to fail has waited already. */
  #open(outage: Outage | undefined, from: number, now: number): void {
    const { openMillis, maxOpenMillis } = this.#limits;
    if (this.#openings === 0) this.#openedAt = now;
    const full = Math.min(maxOpenMillis, openMillis * 2 ** this.#openings++);
    // Half of it is jitter, so that the instances of a service don't probe as one.
    const millis = full / 2 + (this.#random() * full) / 2;
    const until = Math.max(now, from + millis);
    this.#phase = { state: 'open', until };
    this.#beginGeneration();
    this.#onChange({ to: 'open', outage, openMillis: until - now });
  }

  #return(now: number): void {
    const minimumCalls = Math.min(DOUBTFUL, this.#limits.minimumCalls);
    const consecutive = Math.min(DOUBTFUL, this.#limits.consecutive);
    const record = new TrackRecord({ ...this.#limits, minimumCalls, consecutive });
    // Who was away for a moment need not take longer to come back.
    const until = now + Math.min(this.#limits.rampMillis, now - this.#openedAt);
    this.#phase = { state: 'returning', since: now, until, record, credit: 0 };
    this.#beginGeneration();
    this.#onChange({ to: 'returning' });
  }

  #beginGeneration(): void {
    this.#generation++;
    this.#underWay = 0;
  }
}

/** Of the calls, what is let through at this moment of the return. */
function shareOf(way: { readonly since: number; readonly until: number }, now: number): number {
  return FIRST_SHARE + (1 - FIRST_SHARE) * ((now - way.since) / (way.until - way.since));
}

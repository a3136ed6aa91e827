import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type BreakerState, Circuit, type CircuitLimits, type Pass } from './circuit.ts';
import { SPREAD_MILLIS } from './track-record.ts';
import type { Verdict } from './verdict.ts';

const VERDICTS: readonly Verdict[] = ['alive', 'lost', 'slow', 'nothing'];

type Step =
  | { readonly do: 'wait'; readonly millis: number }
  | { readonly do: 'call' }
  | { readonly do: 'settle'; readonly which: number; readonly verdict: Verdict };

const wait = fc.record({
  do: fc.constant('wait' as const),
  millis: fc.oneof(fc.integer({ min: 0, max: 50 }), fc.integer({ min: 0, max: 2_000 })),
});
const call = fc.constant({ do: 'call' as const });
const settle = (verdicts: readonly Verdict[]) =>
  fc.record({
    do: fc.constant('settle' as const),
    which: fc.nat(20),
    verdict: fc.constantFrom(...verdicts),
  });
const steps = (verdicts = VERDICTS): fc.Arbitrary<Step[]> => {
  const step = fc.oneof(
    { weight: 2, arbitrary: wait },
    { weight: 3, arbitrary: call },
    { weight: 3, arbitrary: settle(verdicts) },
  );
  return fc.array(step, { maxLength: 400, size: 'max' });
};

const limits: fc.Arbitrary<CircuitLimits> = fc.record({
  windowMillis: fc.integer({ min: 500, max: 3_000 }),
  minimumCalls: fc.integer({ min: 1, max: 20 }),
  failureRatio: fc.double({ min: 0.1, max: 1, noNaN: true }),
  consecutive: fc.integer({ min: 1, max: 8 }),
  openMillis: fc.integer({ min: 50, max: 500 }),
  maxOpenMillis: fc.integer({ min: 50, max: 2_000 }),
  probeMillis: fc.integer({ min: 50, max: 2_000 }),
  probes: fc.integer({ min: 1, max: 3 }),
  rampMillis: fc.integer({ min: 0, max: 2_000 }),
});

const NEXT: { readonly [from in BreakerState]: readonly BreakerState[] } = {
  closed: ['open'],
  open: ['half-open'],
  'half-open': ['returning', 'open'],
  returning: ['closed', 'open'],
};

/** A circuit with its callers, and the laws that hold at each step. */
class World {
  now = 0;
  state: BreakerState = 'closed';
  readonly states: BreakerState[] = [];
  readonly #circuit: Circuit;
  readonly #limits: CircuitLimits;
  readonly #underWay: { pass: Pass; visit: number; generation: number }[] = [];
  /** Ends when the breaker opens and when the database answers again. */
  #generation = 0;
  /** Counts changes of state. */
  #visit = 0;
  #enteredAt = 0;
  #openFor = 0;
  #letThrough = 0;

  constructor(limits: CircuitLimits, random: () => number) {
    this.#limits = limits;
    this.#circuit = new Circuit(limits, random, (change) => {
      expect(NEXT[this.state]).toContain(change.to);
      if (change.to === 'open') {
        this.#openFor = change.openMillis;
        expect(change.openMillis).toBeGreaterThanOrEqual(0);
        expect(change.openMillis).toBeLessThanOrEqual(limits.maxOpenMillis);
      }
      // A caller can't be kept out for ever, nor be let in too early.
      if (this.state === 'open') {
        expect(this.now - this.#enteredAt).toBeGreaterThanOrEqual(this.#openFor);
      }
      this.state = change.to;
      this.states.push(change.to);
      this.#visit++;
      if (change.to === 'open' || change.to === 'returning') this.#generation++;
      this.#enteredAt = this.now;
      this.#letThrough = 0;
    });
  }

  take(step: Step): void {
    if (step.do === 'wait') this.now += step.millis;
    else if (step.do === 'call') this.call();
    else this.#settle(step.which, step.verdict);
  }

  /** Whether it was let through. */
  call(): boolean {
    const retryAfter = this.#circuit.retryAfterMillis(this.now);
    const pass = this.#circuit.admit(this.now);
    if (!pass) {
      expect(['open', 'half-open', 'returning']).toContain(this.state);
      expect(retryAfter).toBeGreaterThan(0);
      return false;
    }
    this.#letThrough++;
    expect(this.state).not.toBe('open');
    if (this.state === 'half-open') {
      const settled = this.#settledInVisit;
      const patience = Math.floor((this.now - this.#enteredAt) / this.#limits.probeMillis);
      expect(this.#letThrough - settled).toBeLessThanOrEqual(this.#limits.probes + patience);
    }
    this.#underWay.push({ pass, visit: this.#visit, generation: this.#generation });
    return true;
  }

  /** Ends the call that was let through last. */
  settleLast(verdict: Verdict): void {
    this.#settle(this.#underWay.length - 1, verdict);
  }

  readonly #settledBy = new Map<number, number>();

  get #settledInVisit(): number {
    return this.#settledBy.get(this.#visit) ?? 0;
  }

  #settle(which: number, verdict: Verdict): void {
    const [one] = this.#underWay.splice(which % Math.max(1, this.#underWay.length), 1);
    if (!one) return;
    const before = this.#visit;
    const isOld = one.generation < this.#generation;
    this.#settledBy.set(one.visit, (this.#settledBy.get(one.visit) ?? 0) + 1);
    this.#circuit.settle(one.pass, verdict, this.now);
    const hasChanged = this.#visit !== before;
    // What was let through before the breaker opened, or before the return, says nothing of today.
    if (isOld) expect(hasChanged).toBe(false);
    if (verdict === 'alive' || verdict === 'nothing') {
      expect(hasChanged && this.state === 'open').toBe(false);
    }
  }
}

const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

describe('a circuit', () => {
  test('keeps its laws, whatever comes', () => {
    const seen = new Set<BreakerState>();
    fc.assert(
      fc.property(limits, random, steps(), (limits, random, steps) => {
        const world = new World(limits, () => random);
        for (const step of steps) world.take(step);
        for (const state of world.states) seen.add(state);
      }),
      { numRuns: 500 },
    );
    // The sequences reach everything that there is.
    expect([...seen].sort()).toEqual(['closed', 'half-open', 'open', 'returning']);
  });

  test('never opens when the way never fails', () => {
    fc.assert(
      fc.property(limits, steps(['alive', 'nothing']), (limits, steps) => {
        const world = new World(limits, () => 0.5);
        for (const step of steps) world.take(step);
        expect(world.states).toEqual([]);
      }),
    );
  });

  test('never opens for what happens in one moment', () => {
    const failures = fc.array(fc.constantFrom(...VERDICTS), { minLength: 50, maxLength: 200 });
    fc.assert(
      fc.property(limits, fc.nat(SPREAD_MILLIS - 1), failures, (limits, spread, verdicts) => {
        const world = new World(limits, () => 0.5);
        verdicts.forEach((verdict, i) => {
          world.call();
          world.settleLast(verdict);
          if (i === 25) world.now += spread;
        });
        expect(world.states).toEqual([]);
      }),
    );
  });

  test('is open, however it got where it is, after enough failures', () => {
    fc.assert(
      fc.property(limits, random, steps(), (limits, random, steps) => {
        const world = new World(limits, () => random);
        for (const step of steps) world.take(step);
        const until =
          world.now + limits.maxOpenMillis + limits.probeMillis + limits.rampMillis + 2_000;
        const seen = new Set<BreakerState>();
        while (world.now < until) {
          if (world.call()) world.settleLast('lost');
          seen.add(world.state);
          world.now += 20;
        }
        expect(seen).toContain('open');
      }),
      { numRuns: 200 },
    );
  });

  test('lets everybody through again, however it got where it is, once the way is there', () => {
    fc.assert(
      fc.property(limits, random, steps(), (limits, random, steps) => {
        const world = new World(limits, () => random);
        for (const step of steps) world.take(step);
        const backAt = world.now;
        let lastRefusal = -Infinity;
        const longest = Math.max(limits.maxOpenMillis, limits.probeMillis) + limits.rampMillis;
        while (world.now < backAt + longest + 1_000) {
          if (world.call()) world.settleLast('alive');
          else lastRefusal = world.now;
          world.now += 5;
        }
        expect(lastRefusal - backAt).toBeLessThanOrEqual(longest + 10);
        expect(world.state).toBe('closed');
      }),
      { numRuns: 200 },
    );
  });
});

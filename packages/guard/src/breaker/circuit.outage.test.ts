import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readNumbers } from '../numbers.ts';
import { BREAKER_NUMBERS } from './breaker-defaults.ts';
import { Circuit, type Pass } from './circuit.ts';

const DEFAULTS = readNumbers({}, BREAKER_NUMBERS);

const DOWN_AT = 3_000;

interface Scenario {
  readonly callsPerSecond: number;
  /** Of an answer. */
  readonly latencyMillis: number;
  /** How long a call takes to fail while the database is away. */
  readonly failureMillis: number;
  readonly outageMillis: number;
  readonly randoms: readonly number[];
}

/** Of a call that was let through. */
interface Ending {
  readonly at: number;
  readonly pass: Pass;
}

/** Callers that come as they come, on a database that goes away and comes back. */
function live({ callsPerSecond, latencyMillis, failureMillis, outageMillis, randoms }: Scenario) {
  let draws = 0;
  const random = () => randoms[draws++ % randoms.length] ?? 0;
  const upAt = DOWN_AT + outageMillis;
  let now = 0;
  let openedAt = Infinity;
  const circuit = new Circuit(DEFAULTS, random, ({ to }) => {
    if (to === 'open') openedAt = Math.min(openedAt, now);
  });
  // Each in its order, for all answers take as long, and all failures.
  const [answers, failures]: [Ending[], Ending[]] = [[], []];
  const refusals: number[] = [];
  let sentInVain = 0;
  const last = upAt + 4_000;

  for (let n = 0; (n * 1_000) / callsPerSecond < last; n++) {
    const arrival = (n * 1_000) / callsPerSecond;
    for (;;) {
      const [answer, failure] = [answers[0], failures[0]];
      const isAnswer = answer !== undefined && (!failure || answer.at <= failure.at);
      const ending = isAnswer ? answer : failure;
      if (!ending || ending.at > arrival) break;
      (isAnswer ? answers : failures).shift();
      now = ending.at;
      circuit.settle(ending.pass, isAnswer ? 'alive' : 'lost', now);
    }
    now = arrival;
    const pass = circuit.admit(now);
    if (!pass) {
      refusals.push(now);
      continue;
    }
    const isAway = now >= DOWN_AT && now < upAt;
    if (isAway && now >= openedAt) sentInVain++;
    if (isAway) failures.push({ at: now + failureMillis, pass });
    else answers.push({ at: now + latencyMillis, pass });
  }
  return { openedAt, upAt, sentInVain, refusals, state: circuit.state(last) };
}

const load = {
  callsPerSecond: fc.integer({ min: 20, max: 500 }),
  latencyMillis: fc.integer({ min: 0, max: 100 }),
  outageMillis: fc.integer({ min: 1_000, max: 20_000 }),
  randoms: fc.array(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), {
    minLength: 1,
    maxLength: 5,
  }),
};

test('opens within a second of an outage, and all is as before a second after its end', () => {
  const scenario = fc.record({ ...load, failureMillis: fc.integer({ min: 0, max: 100 }) });
  fc.assert(
    fc.property(scenario, (scenario) => {
      const { openedAt, upAt, sentInVain, refusals, state } = live(scenario);
      expect(openedAt).toBeGreaterThan(DOWN_AT);
      expect(openedAt).toBeLessThanOrEqual(DOWN_AT + 1_000);
      expect(Math.min(...refusals)).toBeGreaterThanOrEqual(openedAt);
      expect(Math.max(...refusals)).toBeLessThanOrEqual(upAt + 1_000);
      expect(state).toBe('closed');
      // Probes, and not callers, find out that it is still away.
      expect(sentInVain).toBeLessThanOrEqual(5 + scenario.outageMillis / 125);
    }),
    { numRuns: 100 },
  );
});

test('the same where calls hang until they time out, counted from the first that did', () => {
  const scenario = fc.record({ ...load, failureMillis: fc.integer({ min: 500, max: 10_000 }) });
  fc.assert(
    fc.property(scenario, (scenario) => {
      const { failureMillis, outageMillis } = scenario;
      fc.pre(outageMillis > failureMillis + 1_000);
      const { openedAt, upAt, refusals, state } = live(scenario);
      expect(openedAt).toBeLessThanOrEqual(DOWN_AT + failureMillis + 1_000);
      // Also those that were let through before it opened, and fail in the return.
      expect(Math.max(...refusals)).toBeLessThanOrEqual(upAt + 2_000);
      expect(state).toBe('closed');
    }),
    { numRuns: 100 },
  );
});

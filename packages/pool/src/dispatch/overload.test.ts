import { describe, expect, test } from 'vitest';
import {
  capacityOf,
  type Fate,
  type LoadOptions,
  SimulatedLoad,
} from '../testing/simulated-load.ts';

/** Ten connections whose statements take 1 to 50 ms, and callers who want their answer within a second. */
const POOL = { servers: 10, patienceMillis: 1_000, sheds: true };
const SEEDS = [1, 2, 3];

/** Answers in time of those who came in these seconds, as a share of what the servers could give. */
function goodput(
  options: LoadOptions,
  load: SimulatedLoad,
  [from, to]: readonly [number, number],
  slowness = 1,
): number {
  const inTime = load.between(from, to).filter(({ fate }) => fate === 'in time').length;
  return inTime / (capacityOf(options, slowness) * (to - from));
}

function count(load: SimulatedLoad, fate: Fate, from = 0, to = Infinity): number {
  return load.between(from, to).filter((caller) => caller.fate === fate).length;
}

function simulate(options: LoadOptions): SimulatedLoad {
  const load = new SimulatedLoad(options).run();
  expect(load.callers.every(({ fate }) => fate !== undefined)).toBe(true);
  return load;
}

describe.each(SEEDS)('callers that come by chance (seed %d)', (seed) => {
  test.each([1.2, 2, 5])(
    '%d times what the servers can do: they work for answers in time',
    (load) => {
      const options = { ...POOL, seed, phases: [{ seconds: 30, load }] };
      const shedding = simulate(options);
      expect(goodput(options, shedding, [0, 30])).toBeGreaterThan(0.9);
      expect(goodput(options, shedding, [3, 30])).toBeGreaterThan(0.95);
      expect(count(shedding, 'late', 3) + count(shedding, 'timed out', 3)).toBeLessThan(
        shedding.callers.length / 200,
      );
      // The same without: first come first served until the deadline, as pg-pool does it.
      const waiting = simulate({ ...options, sheds: false });
      expect(goodput(options, waiting, [5, 30])).toBeLessThan(0.1);
    },
  );

  test('whoever is refused is refused at once', () => {
    const phases = [{ seconds: 20, load: 2 }];
    const { callers } = simulate({ ...POOL, seed, phases });
    const late = callers.filter(({ fate, cameAt }) => fate === 'shed' && cameAt > 3_000);
    const waits = late.map(({ cameAt, toldAt }) => toldAt - cameAt).sort((a, b) => a - b);
    expect(waits[Math.floor(waits.length * 0.95)]).toBe(0);
  });

  test.each([0.5, 0.8, 0.95])('nobody is shed at %d of what the servers can do', (load) => {
    const phases = [{ seconds: 60, load }];
    const calm = simulate({ ...POOL, seed, phases });
    expect(count(calm, 'shed')).toBe(0);
    expect(count(calm, 'in time')).toBe(calm.callers.length);
  });

  test('a burst that the servers can do within the deadlines is no overload', () => {
    const phases = [
      { seconds: 1, load: 4 },
      { seconds: 20, load: 0.3 },
    ];
    const burst = simulate({ ...POOL, patienceMillis: 10_000, seed, phases });
    expect(count(burst, 'in time')).toBe(burst.callers.length);
  });

  test('when the overload ends everybody is served again', () => {
    const phases = [
      { seconds: 10, load: 2 },
      { seconds: 10, load: 0.7 },
    ];
    const load = simulate({ ...POOL, seed, phases });
    expect(count(load, 'shed', 5, 10)).toBeGreaterThan(0);
    const after = load.between(11, 20);
    expect(after.every(({ fate }) => fate === 'in time')).toBe(true);
  });

  test('servers that become ten times slower, and quick again, are followed', () => {
    const phases = [
      { seconds: 10, load: 2 },
      { seconds: 20, load: 2, slowness: 10 },
      { seconds: 10, load: 2 },
    ];
    const options = { ...POOL, seed, phases };
    const load = simulate(options);
    expect(goodput(options, load, [12, 30], 10)).toBeGreaterThan(0.8);
    expect(goodput(options, load, [32, 40])).toBeGreaterThan(0.9);
    expect(count(load, 'late', 12)).toBeLessThan(load.between(12, 40).length / 50);
  });

  test('servers that become ten times faster are used', () => {
    const phases = [
      { seconds: 10, load: 2 },
      { seconds: 10, load: 20, slowness: 0.1 },
    ];
    const options = { ...POOL, seed, phases };
    expect(goodput(options, simulate(options), [11, 20], 0.1)).toBeGreaterThan(0.9);
  });

  test('while nothing is answered at all almost nobody waits, and then all are served again', () => {
    const phases = [
      { seconds: 10, load: 0.5 },
      { seconds: 10, load: 0.5, slowness: Infinity },
      { seconds: 10, load: 0.5 },
    ];
    const load = simulate({ ...POOL, seed, phases });
    expect(count(load, 'shed', 0, 10)).toBe(0);
    expect(count(load, 'timed out', 14, 19)).toBeLessThan(load.between(14, 19).length / 50);
    expect(count(load, 'in time', 21, 30)).toBe(load.between(21, 30).length);
  });

  test('interactive callers are served before background ones, which have what is left', () => {
    const phases = [{ seconds: 20, load: 1.5, background: 0.5 }];
    const options = { ...POOL, seed, phases };
    const load = simulate(options);
    const interactive = load.between(3, 20).filter(({ priority }) => priority === 'interactive');
    const inTime = interactive.filter(({ fate }) => fate === 'in time');
    expect(inTime.length).toBeGreaterThan(interactive.length * 0.99);
    expect(goodput(options, load, [3, 20])).toBeGreaterThan(0.9);
  });
});

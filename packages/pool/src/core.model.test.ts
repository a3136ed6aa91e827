import fc from 'fast-check';
import { afterAll, beforeAll, test } from 'vitest';
import { sequences } from './testing/model/commands/sequences.ts';
import { finish } from './testing/model/finish.ts';
import { PoolWorld, type WorldOptions } from './testing/model/pool-world.ts';

/**
 * `npm run test:soak` asks for a million. With the seed that a failure prints, and its path, the same
 * sequence is found at once, and made short again.
 */
const { LIFEGUARD_MODEL_RUNS, LIFEGUARD_MODEL_SEED, LIFEGUARD_MODEL_PATH } = process.env;
const RUNS = Number(LIFEGUARD_MODEL_RUNS || 2_000);
/** The same for everybody who runs the tests; the soak takes another one each time. */
const SEED = Number(LIFEGUARD_MODEL_SEED || 1);
/** A sequence takes some 4 ms; a slow and busy machine gets its time, and a failure that to be made short. */
const MOST_MILLIS_PER_RUN = 40;
const MOST_MILLIS_TO_SHRINK = 300_000;

// pg warns of a holder that sends a statement before the last one is answered: here some do.
process.noDeprecation = true;

const pool = fc.record({
  max: fc.integer({ min: 1, max: 5 }),
  min: fc.nat({ max: 2 }),
  multiplex: fc.constantFrom(true, true, true, false),
  reserveShared: fc.constantFrom(true, true, false),
  multiplexDepth: fc.constantFrom(1, 2, 3, 20),
  maxWaiting: fc.constantFrom(Infinity, Infinity, 0, 2),
  connectionTimeoutMillis: fc.constantFrom(0, 60, 500, 2_000),
  connectTimeoutMillis: fc.constantFrom(0, 100, 1_000),
  idleTimeoutMillis: fc.constantFrom(0, 50, 1_000),
  maxLifetimeSeconds: fc.constantFrom(0, 0, 1, 5),
  maxUses: fc.constantFrom(Infinity, Infinity, 1, 3),
  leakThresholdMillis: fc.constantFrom(0, 200),
  reclaimLeaks: fc.constantFrom(false, false, true),
  prepare: fc.boolean(),
  prepareCacheSize: fc.constantFrom(1, 2, 100),
  pipelineTransactions: fc.constantFrom(true, true, true, false),
  connectConcurrency: fc.constantFrom(1, 1, 3),
  statementTimeoutMillis: fc.constantFrom(0, 0, 150),
});

const worlds: fc.Arbitrary<WorldOptions> = fc.record({
  pool: pool.map((options) => ({ ...options, min: Math.min(options.min, options.max) })),
  isPolite: fc.constantFrom(true, true, false),
  worksOn: fc.boolean(),
  pace: fc.constantFrom(0, 0, 1, 4, 25),
  logsIn: fc.constantFrom(true, true, false),
  greets: fc.constantFrom(false, false, false, true),
  seen: fc.constantFrom(0, 1, 5),
});

let world: PoolWorld | undefined;
const notice = (reason: unknown) => void world?.violations.push(`nobody handles: ${reason}`);
const { random } = Math;

beforeAll(() => void process.on('unhandledRejection', notice));

afterAll(() => {
  Math.random = random;
  process.off('unhandledRejection', notice);
});

test(
  `what the pool promises holds in ${RUNS} sequences of events (seed ${SEED})`,
  async () => {
    const property = fc.asyncProperty(
      worlds,
      sequences,
      fc.double({ min: 0, max: 0.99, noNaN: true }),
      async (options, commands, jitter) => {
        // Back-off and lifetimes have jitter; the same sequence is to go the same way again.
        Math.random = () => jitter;
        const made = new PoolWorld(options);
        world = made;
        await fc.asyncModelRun(() => ({ model: { world: made }, real: {} }), commands);
        await finish(made);
      },
    );
    await fc.assert(property, {
      numRuns: RUNS,
      seed: SEED,
      ...(LIFEGUARD_MODEL_PATH && { path: LIFEGUARD_MODEL_PATH.split(':', 1)[0] }),
    });
  },
  RUNS * MOST_MILLIS_PER_RUN + MOST_MILLIS_TO_SHRINK,
);

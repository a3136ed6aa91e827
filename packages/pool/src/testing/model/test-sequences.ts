import fc from 'fast-check';
import { afterAll, beforeAll, test } from 'vitest';
import { sequences } from './commands/sequences.ts';
import { finish } from './finish.ts';
import { PoolWorld } from './pool-world.ts';
import { worlds } from './worlds.ts';

/**
 * `npm run test:soak` asks for a million. With the seed that a failure prints, and its path, the same
 * sequence is found at once, and made short again.
 */
const { LIFEGUARD_MODEL_RUNS, LIFEGUARD_MODEL_SEED, LIFEGUARD_MODEL_PATH } = process.env;
const RUNS = Number(LIFEGUARD_MODEL_RUNS || 10_000);
/** The same for everybody who runs the tests; the soak takes another one each time. */
const SEED = Number(LIFEGUARD_MODEL_SEED || 1);
/** So many test files share them, for as many processors. */
const FILES = 2;
/** A sequence takes some 4 ms; a slow and busy machine gets its time, and a failure that to be made short. */
const MOST_MILLIS_PER_RUN = 60;
const MOST_MILLIS_TO_SHRINK = 300_000;

/** Tests that the laws of the model hold, whatever happens, in the sequences of the nth file of {@link FILES}. */
export function testSequences(nth: number): void {
  const numRuns = Math.ceil(RUNS / FILES);
  const seed = SEED + nth;
  let world: PoolWorld | undefined;
  const notice = (reason: unknown) => void world?.violations.push(`nobody handles: ${reason}`);
  const { random } = Math;

  // pg warns of a holder that sends a statement before the last one is answered: here some do.
  process.noDeprecation = true;

  beforeAll(() => void process.on('unhandledRejection', notice));

  afterAll(() => {
    Math.random = random;
    process.off('unhandledRejection', notice);
  });

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
  const path = LIFEGUARD_MODEL_PATH?.split(':', 1)[0];

  test(
    `what the pool promises holds in ${numRuns} sequences of events (seed ${seed})`,
    () => fc.assert(property, { numRuns, seed, ...(path && { path }) }),
    numRuns * MOST_MILLIS_PER_RUN + MOST_MILLIS_TO_SHRINK,
  );
}

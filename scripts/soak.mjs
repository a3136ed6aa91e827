// `npm run test:soak`: the pool's model-based test with a million sequences of events, which takes an
// hour or so on one core. They go in pieces with a seed of their own, so that a failure ends its piece and the
// rest goes on. LIFEGUARD_MODEL_RUNS sets another number; LIFEGUARD_MODEL_SEED and LIFEGUARD_MODEL_PATH repeat what a
// failure has printed as `seed` and `path`. Arguments are vitest's.
import { bin, run } from './run.mjs';

const PIECE = 50_000;
/** The test files of a piece take a seed each. */
const SEEDS_OF_PIECE = 2;

const {
  LIFEGUARD_MODEL_RUNS = '1000000',
  LIFEGUARD_MODEL_SEED = `${Date.now() % 2 ** 31}`,
  LIFEGUARD_MODEL_PATH,
} = process.env;
const wanted = LIFEGUARD_MODEL_PATH ? 1 : Number(LIFEGUARD_MODEL_RUNS);
const failed = [];
let isStopped = false;
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => (isStopped = true));
let seed = Number(LIFEGUARD_MODEL_SEED);
for (let done = 0; done < wanted; done += PIECE, seed += SEEDS_OF_PIECE) {
  const runs = Math.min(PIECE, wanted - done);
  const args = ['run', 'packages/pool/src/core.model', ...process.argv.slice(2)];
  const code = await run(bin('vitest'), args, {
    env: { ...process.env, LIFEGUARD_MODEL_RUNS: `${runs}`, LIFEGUARD_MODEL_SEED: `${seed}` },
  });
  if (isStopped) break;
  if (code !== 0) failed.push(seed);
  console.log(`${done + runs} of ${wanted} sequences; pieces that failed: ${failed.length}`);
}
if (failed.length > 0) console.error(`Failed: the pieces of seed ${failed.join(', ')}`);
process.exitCode = failed.length > 0 || isStopped ? 1 : 0;

// `npm run test:soak`: the pool's model-based test with a million sequences of events, which takes an
// hour or so on two cores. LIFEGUARD_MODEL_RUNS sets another number; LIFEGUARD_MODEL_SEED and LIFEGUARD_MODEL_PATH
// repeat what a failure has printed as `seed` and `path`.
import { bin, run } from './run.mjs';

const { LIFEGUARD_MODEL_RUNS = '1000000', LIFEGUARD_MODEL_SEED = `${Date.now() % 2 ** 31}` } =
  process.env;
process.exitCode = await run(bin('vitest'), ['run', 'packages/pool/src/core.model'], {
  env: { ...process.env, LIFEGUARD_MODEL_RUNS, LIFEGUARD_MODEL_SEED },
});

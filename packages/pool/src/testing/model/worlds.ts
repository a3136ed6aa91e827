import fc from 'fast-check';
import type { WorldOptions } from './pool-world.ts';

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

/** Pools with all that can be set, on servers of every temper. */
export const worlds: fc.Arbitrary<WorldOptions> = fc.record({
  pool: pool.map((options) => ({ ...options, min: Math.min(options.min, options.max) })),
  isPolite: fc.constantFrom(true, true, false),
  worksOn: fc.boolean(),
  pace: fc.constantFrom(0, 0, 1, 4, 25),
  logsIn: fc.constantFrom(true, true, false),
  greets: fc.constantFrom(false, false, false, true),
  seen: fc.constantFrom(0, 1, 5),
});

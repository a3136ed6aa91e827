import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { againstSchema } from '../testing/schemas/validate.ts';
import { SOMEWHERE } from './address.ts';
import { PRESET_NAMES, PRESETS } from './presets.ts';
import { reckon } from './reckon.ts';
import { NoRoomError, recommend, type Situation } from './recommend.ts';
import { renderJson } from './report.ts';

const usual: Situation = {
  preset: PRESETS.production,
  instances: 1,
  overlap: 2,
  cores: 4,
  maxConnections: 100,
  reserved: 3,
  others: 5,
  wantsPooler: false,
};

describe('by hand', () => {
  test.each([
    ['one instance keeps the server busy by itself', {}, { limit: 9, total: 18 }],
    ['four share it, with three at least', { instances: 4 }, { limit: 3, total: 24 }],
    ['more cores, more for each', { instances: 4, cores: 32 }, { limit: 9, total: 72 }],
    ['development needs few', { preset: PRESETS.development, overlap: 1 }, { limit: 5, total: 5 }],
  ])('%s', (_, part, expected) => {
    expect(recommend({ ...usual, ...part })).toMatchObject({ ...expected, pooler: undefined });
  });

  test('twelve instances on a small server are too many without a pooler', () => {
    const sizing = recommend({ ...usual, instances: 24, maxConnections: 100 });
    expect(sizing).toMatchObject({ room: 1, limit: 3, poolerBecause: 'no room', total: 11 });
    expect(sizing.pooler).toEqual({
      poolSize: 9,
      reservePoolSize: 2,
      maxClientConnections: 200,
    });
  });

  test('functions have one each, and a pooler', () => {
    const { limit, pooler, poolerBecause } = recommend({
      ...usual,
      preset: PRESETS.serverless,
      instances: 1_000,
      overlap: 1,
    });
    expect([limit, poolerBecause]).toEqual([1, 'serverless']);
    expect(pooler).toMatchObject({ poolSize: 9, maxClientConnections: 1_300 });
  });

  test('when others hold everything, it says so', () => {
    expect(() => recommend({ ...usual, others: 77 })).toThrow(NoRoomError);
    expect(recommend({ ...usual, others: 76, cores: 1 })).toMatchObject({ ours: 1 });
  });
});

test('whatever the situation, the server is never filled beyond 80 %', () => {
  const situations = fc.record({
    preset: fc.constantFrom(...PRESET_NAMES).map((name) => PRESETS[name]),
    instances: fc.integer({ min: 1, max: 2_000 }),
    overlap: fc.double({ min: 1, max: 4, noNaN: true }),
    cores: fc.integer({ min: 1, max: 256 }),
    maxConnections: fc.integer({ min: 1, max: 5_000 }),
    reserved: fc.integer({ min: 0, max: 20 }),
    others: fc.integer({ min: 0, max: 300 }),
    wantsPooler: fc.boolean(),
  });
  fc.assert(
    fc.property(situations, (situation) => {
      try {
        const { total, limit, pooler, running } = recommend(situation);
        expect(total + situation.others).toBeLessThanOrEqual(
          (situation.maxConnections - situation.reserved) * 0.8,
        );
        expect(limit).toBeGreaterThanOrEqual(1);
        if (pooler) {
          expect(pooler.poolSize).toBeGreaterThanOrEqual(1);
          expect(pooler.reservePoolSize).toBeGreaterThanOrEqual(0);
          expect(pooler.maxClientConnections).toBeGreaterThanOrEqual(running * limit);
        }
      } catch (error) {
        if (!(error instanceof NoRoomError)) throw error;
      }
    }),
    { numRuns: 2_000 },
  );
});

test.each(PRESET_NAMES)('%s as JSON is as its schema says, with a pooler and without', (preset) => {
  for (const instances of [1, 300]) {
    const options = { preset, instances, pooler: false };
    const report = JSON.parse(renderJson(reckon(options, undefined, SOMEWHERE)));
    expect(againstSchema('size.schema.json')(report)).toEqual([]);
  }
});

import * as fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Prisma } from '../testing/specimens/generated/client.ts';
import { type Museum, openMuseum } from '../testing/specimens/museum.ts';

const SPECIMENS = 300;

let museum: Museum;
let prisma: ReturnType<Museum['open']>['prisma'];
beforeAll(async () => {
  museum = await openMuseum(SPECIMENS);
  ({ prisma } = museum.open());
});
afterAll(() => museum?.close());

type Where = Prisma.SpecimenWhereInput;
type Specimen = Prisma.SpecimenModel;
const GROUPED_BY = [
  'cabinetId',
  'text',
  'varchar',
  'char',
  'uuid',
  'inet',
  'bits',
  'boolean',
  'int',
  'smallint',
  'bigint',
  'float',
  'real',
  'decimal',
  'money',
  'timestamp',
  'timestamptz',
  'date',
  'time',
  'timetz',
  'bytes',
  'mood',
  'id',
] as const satisfies readonly (keyof Specimen)[];

const text = fc.constantFrom('', 'a', 'A', 'b', '%', '_', '"', "'", '$1', 'é', '{');
const date = fc.constantFrom(
  '2024-02-29T10:20:30.456Z',
  '1970-01-01T00:00:00.000Z',
  '2025-01-01T00:00:00Z',
);
const comparison = <T>(value: fc.Arbitrary<T>) =>
  fc.oneof(
    fc
      .constantFrom('equals', 'lt', 'lte', 'gt', 'gte', 'not')
      .chain((name) => value.map((v) => ({ [name]: v }))),
    fc
      .constantFrom('in', 'notIn')
      .chain((name) => fc.array(value, { maxLength: 3 }).map((v) => ({ [name]: v }))),
    fc.record({ gte: value, lt: value }),
    fc.record({ not: comparisonInside(value) }),
    value,
  );
const comparisonInside = <T>(value: fc.Arbitrary<T>) =>
  fc.oneof(value, fc.record({ gt: value }), fc.record({ in: fc.array(value, { maxLength: 2 }) }));
const search = fc
  .record({
    name: fc.constantFrom('contains', 'startsWith', 'endsWith', 'equals', 'lt'),
    value: text,
    mode: fc.constantFrom('default', 'insensitive'),
  })
  .map(({ name, value, mode }) => ({ [name]: value, mode }));
const orNull = <T>(arbitrary: fc.Arbitrary<T>) =>
  fc.oneof(
    { weight: 6, arbitrary },
    { weight: 1, arbitrary: fc.constantFrom(null, { not: null }, undefined) },
  );

const field = fc.oneof(
  fc.record({ text: orNull(fc.oneof(comparison(text), search)) }),
  fc.record({ varchar: orNull(search) }),
  fc.record({ char: orNull(comparison(fc.constantFrom('x', 'x  y'))) }),
  fc.record({ uuid: orNull(comparison(fc.constant('a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'))) }),
  fc.record({ boolean: orNull(fc.boolean()) }),
  fc.record({ int: orNull(comparison(fc.constantFrom(0, -1, 7, 2_147_483_647))) }),
  fc.record({ bigint: orNull(comparison(fc.constantFrom(0n, 9_007_199_254_740_993n))) }),
  fc.record({ float: orNull(comparison(fc.constantFrom(0, 0.1, -1.5e300))) }),
  fc.record({
    decimal: orNull(comparison(fc.constantFrom('0', '1.5').map((d) => new Prisma.Decimal(d)))),
  }),
  fc.record({ timestamp: orNull(comparison(date)) }),
  fc.record({ timestamptz: orNull(comparison(date)) }),
  fc.record({ date: orNull(comparison(date.map((d) => new Date(d)))) }),
  fc.record({ time: orNull(comparison(date)) }),
  fc.record({
    mood: orNull(
      fc.constantFrom(
        'CALM',
        'WILD',
        { in: ['WILD', 'GLOOMY'] },
        { not: 'CALM' },
        { notIn: ['CALM'] },
      ),
    ),
  }),
  fc.record({ bytes: orNull(fc.constant(new Uint8Array([0, 255, 34, 92]))) }),
  fc.record({
    jsonb: fc.constantFrom<unknown>(
      { equals: Prisma.DbNull },
      { equals: Prisma.JsonNull },
      { path: ['b', 'c'], equals: 1.5 },
      { path: ['b', 'c'], gt: 1 },
    ),
  }),
  fc.record({
    texts: fc.constantFrom<unknown>({ has: 'a' }, { hasSome: ['{x,y}'] }, { isEmpty: true }),
  }),
  fc.record({ moods: fc.constantFrom<unknown>({ has: 'WILD' }, { hasEvery: ['CALM', 'WILD'] }) }),
  fc.record({
    cabinet: fc.constantFrom<unknown>(
      { name: 'north' },
      { is: null },
      { isNot: { name: { startsWith: 's' } } },
      { specimens: { some: { int: 7 } } },
    ),
  }),
);

const { where } = fc.letrec((tie) => ({
  where: fc.oneof(
    { maxDepth: 2 },
    field,
    fc.tuple(field, field).map(([a, b]) => ({ ...a, ...b })),
    fc.record({ AND: fc.array(tie('where'), { maxLength: 2 }) }),
    fc.record({ OR: fc.array(tie('where'), { maxLength: 2 }) }),
    fc.record({ NOT: tie('where') }),
  ),
})) as { where: fc.Arbitrary<Where> };

const orderBy = fc
  .uniqueArray(
    fc.oneof(
      fc
        .record({
          name: fc.constantFrom('text', 'int', 'decimal', 'timestamptz', 'mood', 'time'),
          order: fc.constantFrom(
            'asc',
            'desc',
            { sort: 'desc', nulls: 'last' },
            { sort: 'asc', nulls: 'first' },
          ),
        })
        .map(({ name, order }) => ({ [name]: order })),
      fc.constantFrom({ cabinet: { name: 'desc' } }, { boolean: 'asc' }),
    ),
    { maxLength: 3, selector: (order) => Object.keys(order)[0] },
  )
  // A total order: without one any row of equals would do.
  .map((orders) => [...orders, { id: 'desc' }] as Prisma.SpecimenOrderByWithRelationInput[]);

const columns = fc.oneof(
  fc.constant({}),
  fc.constant({ select: { id: true, text: true, decimal: true, moods: true } }),
  fc.constant({ select: { mood: true, jsonb: true, cabinet: { select: { name: true } } } }),
  fc.constant({ omit: { text: true, blobs: true } }),
  fc.constant({ include: { cabinet: { include: { _count: true } } } }),
);

const request = fc.record({
  by: fc.constantFrom(...GROUPED_BY),
  picks: fc.array(fc.nat(SPECIMENS - 1), { maxLength: 4 }),
  withNull: fc.boolean(),
  take: fc.integer({ min: 1, max: 6 }),
  skip: fc.constantFrom(0, 0, 1, 3),
  where: fc.oneof(fc.constant(undefined), where),
  orderBy,
  columns,
});

test('each group is what findMany gives for it, whatever is asked', async () => {
  const all = await prisma.specimen.findMany();
  await fc.assert(
    fc.asyncProperty(request, async ({ by, picks, withNull, columns, where, ...rest }) => {
      const values = picks.map((pick) => all[pick]?.[by]).filter((value) => value !== null);
      const given = withNull && by !== 'id' ? [...values, null] : values;
      const args = { by, in: given, ...rest, ...(where && { where }), ...columns };
      const groups = (await prisma.specimen.findManyGrouped(args as never)) as ReadonlyMap<
        unknown,
        unknown[]
      >;
      for (const value of given) {
        const group = { AND: [where ?? {}, { [by]: value }] } as Where;
        const alone = await prisma.specimen.findMany({ ...rest, ...columns, where: group });
        expect(groups.get(value)).toEqual(alone);
      }
      expect(groups.size).toBeLessThanOrEqual(given.length);
    }),
    { numRuns: 200 },
  );
}, 60_000);

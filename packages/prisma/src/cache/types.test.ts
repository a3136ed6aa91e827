import { describe, expectTypeOf, test } from 'vitest';
import type { Informed } from '../index.ts';
import type { Lifeguard } from '../lifeguard.ts';
import type { PrismaClient } from '../testing/specimens/generated/client.ts';

// Nothing here runs: the compiler is the judge.
type Base = PrismaClient<never, { specimen: { jsons: true } }>;
const plainly = (base: Base) => base.$extends({});
const extended = (base: Base, db: Lifeguard) => base.$extends(db.extension);
type Plain = ReturnType<typeof plainly>;
type Client = ReturnType<typeof extended>;
const computed = {
  result: {
    specimen: {
      label: { needs: { text: true }, compute: ({ text }: { text: string | null }) => `${text}!` },
    },
  },
} as const;

/** What a call comes to. */
type Of<F extends (client: never) => unknown> = Awaited<ReturnType<F>>;

describe('cacheStrategy', () => {
  test('changes no result', () => {
    const cacheStrategy = { ttl: 60, swr: '5m', staleOnError: '1h', tags: ['home'] } as const;
    const where = { id: 1 };

    const many = (prisma: Plain) => prisma.specimen.findMany({ where });
    const manyKept = (prisma: Client) => prisma.specimen.findMany({ where, cacheStrategy });
    expectTypeOf<Of<typeof manyKept>>().toEqualTypeOf<Of<typeof many>>();
    expectTypeOf<Of<typeof manyKept>[number]>().not.toHaveProperty('jsons');

    const include = { cabinet: { select: { name: true } } } as const;
    const first = (prisma: Plain) => prisma.specimen.findFirst({ include });
    const firstKept = (prisma: Client) => prisma.specimen.findFirst({ include, cacheStrategy });
    expectTypeOf<Of<typeof firstKept>>().toEqualTypeOf<Of<typeof first>>();

    const select = { id: true, cabinet: true } as const;
    const unique = (prisma: Plain) => prisma.specimen.findUnique({ where, select });
    const uniqueKept = (prisma: Client) =>
      prisma.specimen.findUnique({ where, select, cacheStrategy });
    expectTypeOf<Of<typeof uniqueKept>>().toEqualTypeOf<{
      id: number;
      cabinet: { id: number; name: string } | null;
    } | null>();
    expectTypeOf<Of<typeof uniqueKept>>().toEqualTypeOf<Of<typeof unique>>();

    const omit = { text: true } as const;
    const sure = (prisma: Plain) => prisma.specimen.findUniqueOrThrow({ where, omit });
    const sureKept = (prisma: Client) =>
      prisma.specimen.findUniqueOrThrow({ where, omit, cacheStrategy });
    expectTypeOf<Of<typeof sureKept>>().toEqualTypeOf<Of<typeof sure>>();

    const count = (prisma: Client) => prisma.specimen.count({ cacheStrategy });
    expectTypeOf<Of<typeof count>>().toEqualTypeOf<number>();
    const _max = { decimal: true } as const;
    const aggregate = (prisma: Plain) => prisma.specimen.aggregate({ _max, _count: true });
    const aggregateKept = (prisma: Client) =>
      prisma.specimen.aggregate({ _max, _count: true, cacheStrategy });
    expectTypeOf<Of<typeof aggregateKept>>().toEqualTypeOf<Of<typeof aggregate>>();
    const group = (prisma: Plain) => prisma.specimen.groupBy({ by: ['mood'], _max });
    const groupKept = (prisma: Client) =>
      prisma.specimen.groupBy({ by: ['mood'], _max, cacheStrategy });
    expectTypeOf<Of<typeof groupKept>>().toEqualTypeOf<Of<typeof group>>();
  });

  test('adds withCacheInfo, and only where it is', () => {
    const informed = (prisma: Client) =>
      prisma.cabinet.findFirst({ select: { id: true }, cacheStrategy: { ttl: 1 } }).withCacheInfo();
    expectTypeOf<Of<typeof informed>>().toEqualTypeOf<Informed<{ id: number } | null>>();
    const grouped = (prisma: Client) =>
      prisma.cabinet
        .findManyGrouped({ by: 'id', in: [1], take: 1, cacheStrategy: { ttl: 1 } })
        .withCacheInfo();
    expectTypeOf<Of<typeof grouped>['data']>().toEqualTypeOf<
      ReadonlyMap<number, { id: number; name: string }[]>
    >();
    // @ts-expect-error nothing is kept of it
    (prisma: Client) => prisma.cabinet.findFirst().withCacheInfo();
  });

  test('relations can be chained on', () => {
    const cabinet = (prisma: Plain) => prisma.specimen.findUnique({ where: { id: 1 } }).cabinet();
    const kept = (prisma: Client) =>
      prisma.specimen.findUnique({ where: { id: 1 }, cacheStrategy: { ttl: 1 } }).cabinet();
    expectTypeOf<Of<typeof kept>>().toEqualTypeOf<Of<typeof cabinet>>();
  });

  test('fields of other extensions, before and after', () => {
    const before = (base: Base, db: Lifeguard) => base.$extends(computed).$extends(db.extension);
    const after = (base: Base, db: Lifeguard) => base.$extends(db.extension).$extends(computed);
    const ask = (prisma: ReturnType<typeof before> & object) =>
      prisma.specimen.findMany({ select: { label: true }, cacheStrategy: { ttl: 1 } });
    const askLater = (prisma: ReturnType<typeof after>) =>
      prisma.specimen.findMany({ select: { label: true }, cacheStrategy: { ttl: 1 } });
    expectTypeOf<Of<typeof ask>>().toEqualTypeOf<{ label: string }[]>();
    expectTypeOf<Of<typeof askLater>>().toEqualTypeOf<{ label: string }[]>();
  });

  test('in findManyGrouped, transactions and batches', () => {
    const cacheStrategy = { ttl: 60 };
    const grouped = (prisma: Client) =>
      prisma.cabinet.findManyGrouped({ by: 'id', in: [1], take: 1, cacheStrategy });
    expectTypeOf<Of<typeof grouped>>().toEqualTypeOf<
      ReadonlyMap<number, { id: number; name: string }[]>
    >();
    const interactive = (prisma: Client) =>
      prisma.$transaction(async (tx) => tx.cabinet.findMany({ cacheStrategy }));
    const batch = (prisma: Client) =>
      prisma.$transaction([prisma.cabinet.findMany({ cacheStrategy }), prisma.specimen.count()]);
    expectTypeOf<Of<typeof interactive>>().toEqualTypeOf<{ id: number; name: string }[]>();
    expectTypeOf<Of<typeof batch>>().toEqualTypeOf<[{ id: number; name: string }[], number]>();
  });

  test('what makes no sense does not compile', () => {
    (prisma: Client) => [
      prisma.cabinet.findMany(),
      prisma.cabinet.findFirst(),
      prisma.cabinet.count(),
      // @ts-expect-error its own arguments are needed still
      prisma.cabinet.findUnique(),
      // @ts-expect-error
      prisma.cabinet.findUnique({ cacheStrategy: { ttl: 1 } }),
      // @ts-expect-error no such field
      prisma.cabinet.findMany({ where: { nope: 1 }, cacheStrategy: { ttl: 1 } }),
      // @ts-expect-error no such field
      prisma.cabinet.findMany({ select: { nope: true } }),
      // @ts-expect-error no such argument
      prisma.cabinet.findMany({ nope: true }),
      // @ts-expect-error no such option
      prisma.cabinet.findMany({ cacheStrategy: { tll: 1 } }),
      // @ts-expect-error a text needs a unit
      prisma.cabinet.findMany({ cacheStrategy: { ttl: '60' } }),
      // @ts-expect-error a list
      prisma.cabinet.findMany({ cacheStrategy: { ttl: 1, tags: 'home' } }),
      // @ts-expect-error writes are not kept
      prisma.cabinet.create({ data: { name: 'x' }, cacheStrategy: { ttl: 1 } }),
    ];
  });
});

describe('the extended client', () => {
  test('has all else of the types that it had', () => {
    type Model = Client['specimen'];
    type PlainModel = Plain['specimen'];
    expectTypeOf<Model['create']>().toEqualTypeOf<PlainModel['create']>();
    expectTypeOf<Model['upsert']>().toEqualTypeOf<PlainModel['upsert']>();
    expectTypeOf<Model['fields']>().toEqualTypeOf<PlainModel['fields']>();
    expectTypeOf<Client['$queryRaw']>().toEqualTypeOf<Plain['$queryRaw']>();
    expectTypeOf<keyof PlainModel>().toExtend<keyof Model>();
  });
});

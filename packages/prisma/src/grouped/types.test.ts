import { describe, expectTypeOf, test } from 'vitest';
import type { Lifeguard } from '../lifeguard.ts';
import type { $Enums, PrismaClient } from '../testing/specimens/generated/client.ts';

// Nothing here runs: the compiler is the judge.
function extended(base: PrismaClient<never, { specimen: { jsons: true } }>, db: Lifeguard) {
  return base.$extends(db.extension);
}
type Client = ReturnType<typeof extended>;
const later = (prisma: Client) =>
  prisma.$extends({
    result: { specimen: { label: { needs: { text: true }, compute: ({ text }) => `${text}!` } } },
  });

describe('findManyGrouped', () => {
  test('its rows are those of findMany, with what is omitted for the whole client', () => {
    const call = (prisma: Client) =>
      prisma.specimen.findManyGrouped({
        by: 'cabinetId',
        in: [1, null],
        take: 8,
        where: { text: { contains: 'x' }, cabinet: { name: 'north' } },
        orderBy: [{ decimal: { sort: 'desc', nulls: 'last' } }, { id: 'asc' }],
      });
    const plain = (prisma: Client) => prisma.specimen.findMany();
    type Rows = Awaited<ReturnType<typeof plain>>;
    expectTypeOf<Awaited<ReturnType<typeof call>>>().toEqualTypeOf<
      ReadonlyMap<number | null, Rows>
    >();
    expectTypeOf<Rows[number]>().not.toHaveProperty('jsons');
  });

  test('a selection, relations and computed fields', () => {
    const call = (prisma: ReturnType<typeof later>) =>
      prisma.specimen.findManyGrouped({
        by: 'mood',
        in: ['CALM'],
        take: 8,
        select: { id: true, label: true, cabinet: { select: { name: true } } },
      });
    expectTypeOf<Awaited<ReturnType<typeof call>>>().toEqualTypeOf<
      ReadonlyMap<
        $Enums.Mood | null,
        { id: number; label: string; cabinet: { name: string } | null }[]
      >
    >();
  });

  test('in transactions and batches', () => {
    const interactive = (prisma: Client) =>
      prisma.$transaction((tx) =>
        tx.cabinet.findManyGrouped({ by: 'id', in: [1], take: 1, omit: { name: true } }),
      );
    type Groups = ReadonlyMap<number, { id: number }[]>;
    expectTypeOf<Awaited<ReturnType<typeof interactive>>>().toEqualTypeOf<Groups>();
    const batch = (prisma: Client) =>
      prisma.$transaction([
        prisma.cabinet.findManyGrouped({ by: 'id', in: [1], take: 1, omit: { name: true } }),
        prisma.cabinet.count(),
      ]);
    expectTypeOf<Awaited<ReturnType<typeof batch>>>().toEqualTypeOf<[Groups, number]>();
  });

  test('what makes no sense does not compile', () => {
    (prisma: Client, ids: number[]) => [
      prisma.specimen.findManyGrouped({ by: 'id', in: ids, take: 1 }),
      // @ts-expect-error a list can't be grouped by
      prisma.specimen.findManyGrouped({ by: 'texts', in: ['x'], take: 1 }),
      // @ts-expect-error nor JSON
      prisma.specimen.findManyGrouped({ by: 'jsonb', in: ['x'], take: 1 }),
      // @ts-expect-error nor a relation
      prisma.specimen.findManyGrouped({ by: 'cabinet', in: [1], take: 1 }),
      // @ts-expect-error not a value of the enum
      prisma.specimen.findManyGrouped({ by: 'mood', in: ['NOPE'], take: 1 }),
      // @ts-expect-error the field is never null
      prisma.specimen.findManyGrouped({ by: 'id', in: [null], take: 1 }),
      // @ts-expect-error take is needed
      prisma.specimen.findManyGrouped({ by: 'id', in: ids }),
      // @ts-expect-error no such field
      prisma.specimen.findManyGrouped({ by: 'id', in: ids, take: 1, where: { nope: 1 } }),
      // @ts-expect-error no such filter
      prisma.specimen.findManyGrouped({ by: 'id', in: ids, take: 1, where: { int: { nope: 1 } } }),
      // @ts-expect-error no such field
      prisma.specimen.findManyGrouped({ by: 'id', in: ids, take: 1, select: { nope: true } }),
      // @ts-expect-error not for groups
      prisma.specimen.findManyGrouped({ by: 'id', in: ids, take: 1, cursor: { id: 1 } }),
    ];
  });
});

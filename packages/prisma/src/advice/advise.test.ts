import type { Pattern } from '@lifeguard/pool';
import { describe, expect, test } from 'vitest';
import { Operation } from '../extension/operation.ts';
import { adviser } from './advise.ts';
import { Schema } from './schema.ts';

const SCHEMA = new Schema(`
model Category {
  id       Int @id
  slug     String @unique
  products Product[]
}
model Product {
  id         Int    @id
  categoryId Int
  name       String
  stock      Int
  meta       Json
  tags       String[]
  category   Category @relation(fields: [categoryId], references: [id])
  items      OrderItem[]
}
model OrderItem {
  id        Int @id
  productId Int
  product   Product @relation(fields: [productId], references: [id])
}
`);

interface Asked {
  readonly name: string;
  readonly calls: readonly unknown[];
  readonly pattern?: Pattern;
  readonly after?: string;
  readonly isInTransaction?: boolean;
  readonly schema?: Schema | undefined;
}

function named(label: string) {
  const [model, operation = ''] = label.includes('.') ? label.split('.') : [undefined, label];
  return new Operation({ model, operation }, label, undefined);
}

function advice({ name, calls, pattern = 'in-turn', after, ...rest }: Asked) {
  const advise = adviser(() => ('schema' in rest ? rest.schema : SCHEMA));
  const owners = calls.map((args) => {
    const { isInTransaction = false } = rest;
    return Object.assign(named(name), { args, isInTransaction });
  });
  return advise(owners, pattern, after === undefined ? undefined : named(after));
}

/** Calls that differ in one value. */
const each = <T>(args: (value: number) => T): T[] => [1, 2, 3].map(args);

describe('the call', () => {
  test('without its values', () => {
    const calls = each((id) => ({ where: { categoryId: id, name: 'secret' }, take: 5 }));
    expect(advice({ name: 'Product.findMany', calls })?.call).toBe(
      'prisma.product.findMany({ where: { categoryId: …, name: … }, take: 5 })',
    );
  });

  test('of raw SQL it is only named', () => {
    const owners = [named('$queryRaw'), named('$queryRaw')];
    expect(adviser(() => SCHEMA)(owners, 'in-turn', undefined)).toEqual({
      call: 'prisma.$queryRaw',
      rewrite: undefined,
    });
  });
});

describe('what to write instead', () => {
  test.each<[string, Asked, string]>([
    [
      'rows of a group, limited: in one statement',
      {
        name: 'Product.findMany',
        pattern: 'at-once',
        calls: each((categoryId) => ({
          where: { categoryId, stock: { gt: 0 } },
          take: 5,
          orderBy: { id: 'desc' },
        })),
      },
      "In place of the calls at once write `prisma.product.findManyGrouped({ by: 'categoryId', in: categoryIds, take: 5, where: { stock: { gt: … } }, orderBy: { id: 'desc' } })`: one statement, limited to 5 for each categoryId; `.get(categoryId)` of its answer has the rows.",
    ],
    [
      'the first row of a group',
      {
        name: 'Product.findFirst',
        calls: each((categoryId) => ({ where: { categoryId }, orderBy: { id: 'desc' } })),
      },
      "Before the loop write `prisma.product.findManyGrouped({ by: 'categoryId', in: categoryIds, take: 1, orderBy: { id: 'desc' } })`: one statement, limited to 1 for each categoryId; `.get(categoryId)` of its answer has the rows.",
    ],
    [
      'a row by its key',
      {
        name: 'Product.findUnique',
        calls: each((id) => ({ where: { id }, select: { name: true } })),
      },
      'Before the loop write `prisma.product.findMany({ where: { id: { in: ids } }, select: { id: true, name: true } })`, and find each row in a Map by its id.',
    ],
    [
      'a row by its key, reached from what was asked before',
      {
        name: 'Product.findUniqueOrThrow',
        calls: each((id) => ({ where: { id } })),
        after: 'OrderItem.findMany',
      },
      'Before the loop write `prisma.product.findMany({ where: { id: { in: ids } } })`, and find each row in a Map by its id. Where the values come from OrderItem.findMany: `include: { product: true }` there.',
    ],
    [
      'the first row by a key of its own',
      { name: 'Category.findFirst', calls: each((slug) => ({ where: { slug: `${slug}` } })) },
      'Before the loop write `prisma.category.findMany({ where: { slug: { in: slugs } } })`, and find each row in a Map by its slug.',
    ],
    [
      'all rows of a group, in a transaction',
      {
        name: 'Product.findMany',
        calls: each((categoryId) => ({ where: { categoryId } })),
        after: 'Category.findMany',
        isInTransaction: true,
      },
      'Before the loop write `tx.product.findMany({ where: { categoryId: { in: categoryIds } } })`, and group the rows by their categoryId (Map.groupBy). Where the values come from Category.findMany: `include: { products: true }` there.',
    ],
    [
      'a count',
      {
        name: 'Product.count',
        calls: each((categoryId) => ({ where: { categoryId } })),
        after: 'Category.findMany',
      },
      "Before the loop write `prisma.product.groupBy({ by: ['categoryId'], where: { categoryId: { in: categoryIds } }, _count: true })`; a categoryId that is not in its answer has none. Where the values come from Category.findMany: `include: { _count: { select: { products: true } } }` there.",
    ],
    [
      'a sum',
      {
        name: 'Product.aggregate',
        calls: each((categoryId) => ({ where: { categoryId }, _sum: { stock: true } })),
      },
      "Before the loop write `prisma.product.groupBy({ by: ['categoryId'], where: { categoryId: { in: categoryIds } }, _sum: { stock: true } })`; a categoryId that is not in its answer has no rows.",
    ],
    [
      'rows to create',
      { name: 'OrderItem.create', calls: each((productId) => ({ data: { productId } })) },
      'Collect the rows and write `prisma.orderItem.createMany({ data: rows })` after the loop, or `prisma.orderItem.createManyAndReturn({ data: rows })` where what was created is needed.',
    ],
    [
      'the same change of many rows',
      {
        name: 'Product.update',
        calls: each((id) => ({ where: { id }, data: { stock: { increment: 1 } } })),
      },
      'All of them get the same data: write `prisma.product.updateMany({ where: { id: { in: ids } }, data: { stock: { increment: … } } })` (updateManyAndReturn where the rows are needed).',
    ],
    [
      'rows to delete',
      { name: 'Product.delete', calls: each((id) => ({ where: { id } })) },
      'Write `prisma.product.deleteMany({ where: { id: { in: ids } } })` in place of the calls. It counts what was deleted, and does not throw for a row that is not there.',
    ],
  ])('%s', (_, asked, rewrite) => {
    expect(advice(asked)?.rewrite).toBe(rewrite);
  });

  test('the same question again and again', () => {
    const calls = each(() => ({ where: { slug: 'toys' } }));
    expect(advice({ name: 'Category.findUnique', calls })?.rewrite).toContain(
      'ask once in a request',
    );
  });

  test('different changes of many rows go together, but not from within a transaction', () => {
    const calls = each((id) => ({ where: { id }, data: { stock: id } }));
    expect(advice({ name: 'Product.update', calls })?.rewrite).toContain(
      'prisma.$transaction(calls)',
    );
    expect(
      advice({ name: 'Product.update', calls, isInTransaction: true })?.rewrite,
    ).toBeUndefined();
  });
});

describe('nothing is claimed', () => {
  test.each<[string, Asked]>([
    ['of one call alone', { name: 'Product.findUnique', calls: [{ where: { id: 1 } }] }],
    [
      'of calls of different shapes',
      { name: 'Product.findFirst', calls: [{ where: { id: 1 } }, { where: { name: 'a' } }] },
    ],
    [
      'where two things change',
      { name: 'Product.findMany', calls: each((n) => ({ where: { categoryId: n }, take: n })) },
    ],
    [
      'where what changes is compared otherwise',
      { name: 'Product.findMany', calls: each((n) => ({ where: { stock: { gt: n } } })) },
    ],
    [
      'where it stands within a condition',
      { name: 'Product.findMany', calls: each((n) => ({ where: { OR: [{ id: n }] } })) },
    ],
    [
      'of rows by a key of several fields',
      { name: 'Product.findUnique', calls: each((n) => ({ where: { a_b: { a: n, b: 1 } } })) },
    ],
    [
      'of lists and JSON',
      { name: 'Product.findMany', calls: each((n) => ({ where: { tags: [`${n}`] } })) },
    ],
    [
      'of pages by cursor',
      {
        name: 'Product.findMany',
        calls: each((n) => ({ where: { categoryId: n }, take: 5, cursor: { id: 1 } })),
      },
    ],
    [
      'of the last rows',
      { name: 'Product.findMany', calls: each((n) => ({ where: { categoryId: n }, take: -5 })) },
    ],
    [
      'of rows that are created with others',
      {
        name: 'Product.create',
        calls: each((n) => ({ data: { name: `${n}`, category: { connect: { id: 1 } } } })),
      },
    ],
    [
      'of writes when the schema is not known',
      {
        name: 'Product.create',
        calls: each((n) => ({ data: { name: `${n}` } })),
        schema: undefined,
      },
    ],
    [
      'of upserts',
      { name: 'Product.upsert', calls: each((id) => ({ where: { id }, create: {}, update: {} })) },
    ],
  ])('%s', (_, asked) => {
    expect(advice(asked)).toMatchObject({ call: expect.any(String), rewrite: undefined });
  });

  test('of an include where the rows come from elsewhere', () => {
    const calls = each((id) => ({ where: { id } }));
    const { rewrite } =
      advice({ name: 'Product.findUnique', calls, after: 'Category.findMany' }) ?? {};
    expect(rewrite).not.toContain('include');
  });
});

import type { Library } from './library.ts';

type Client = ReturnType<Library['open']>['prisma'];

/** Every way by which an application's statements go through Prisma. All of them touch `Author`. */
export function waysOf(prisma: Client): Record<string, () => Promise<unknown>> {
  const name = 'Nobody';
  const nested = { name, books: { create: { title: 'None' } } };
  return {
    read: () => prisma.author.findFirst(),
    write: () => prisma.author.create({ data: { name } }),
    'nested write': () => prisma.author.create({ data: nested }),
    'raw read': () => prisma.$queryRaw`SELECT id FROM "Author"`,
    'raw write': () => prisma.$executeRaw`UPDATE "Author" SET name = name`,
    batch: () =>
      prisma.$transaction([prisma.author.count(), prisma.author.create({ data: { name } })]),
    'raw batch': () =>
      prisma.$transaction([
        prisma.$queryRaw`SELECT id FROM "Author"`,
        prisma.$executeRaw`UPDATE "Author" SET name = name`,
      ]),
    transaction: () => prisma.$transaction((tx) => tx.author.create({ data: { name } })),
    'raw transaction': () =>
      prisma.$transaction((tx) => tx.$executeRaw`UPDATE "Author" SET name = name`),
  };
}

/** Of {@link waysOf}, those whose statements are sent inside of a transaction. */
export const IN_A_TRANSACTION = new Set([
  'nested write',
  'batch',
  'raw batch',
  'transaction',
  'raw transaction',
]);

/** What it is refused with; fails when it is not. */
export async function errorOf(call: () => Promise<unknown>): Promise<Error & { cause?: unknown }> {
  let value: unknown;
  try {
    value = await call();
  } catch (error) {
    return error as Error;
  }
  throw new Error(`expected an error, not ${JSON.stringify(value)}`);
}

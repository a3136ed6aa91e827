import type { StorePrisma } from '../clients/client.ts';

/** How many operations of Prisma a page costs. */
export async function operationsOf(
  prisma: StorePrisma,
  page: (prisma: StorePrisma) => Promise<unknown>,
): Promise<number> {
  let count = 0;
  const counting = prisma.$extends({
    query: {
      $allOperations({ args, query }) {
        count += 1;
        return query(args);
      },
    },
  });
  // Prisma gives every extended client types of its own.
  await page(counting as unknown as StorePrisma);
  return count;
}

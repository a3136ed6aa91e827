import type { StorePrisma } from '../clients/client.ts';
import { type Card, card, type Shelf, shelfLength } from './shelf.ts';

/**
 * The newest products of every category.
 *
 * What is wrong: one visitor asks for 1 + 50 statements, 50 of them at once. Each wants a connection of its own, so a
 * single visitor can take the whole pool, and with a few of them the queue is hundreds long: whoever stands at its end
 * waits until the time-out, however fast each statement is.
 */
export async function homepage(prisma: StorePrisma): Promise<Shelf[]> {
  const categories = await prisma.category.findMany({ orderBy: { name: 'asc' } });
  return Promise.all(
    categories.map(async (category) => ({
      ...category,
      products: await getProductsByCategory(prisma, category.id),
    })),
  );
}

function getProductsByCategory(prisma: StorePrisma, categoryId: number): Promise<Card[]> {
  return prisma.product.findMany({
    where: { categoryId, isPublished: true },
    orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
    take: shelfLength,
    select: card,
  });
}

import type { StorePrisma } from '../clients/client.ts';
import { listLength, type OrderLine, piecesOf } from './orders.ts';

/**
 * The newest orders, with their customers and how many pieces were bought.
 *
 * What was changed: the relations are asked for with the list. Prisma fetches each of them for all rows at once
 * (`WHERE id IN (…)`), so the page costs three statements however many rows it has, and only the columns that it shows.
 */
export async function orderList(prisma: StorePrisma): Promise<OrderLine[]> {
  const orders = await prisma.order.findMany({
    orderBy: { id: 'desc' },
    take: listLength,
    select: {
      id: true,
      status: true,
      totalCents: true,
      user: { select: { name: true } },
      items: { select: { quantity: true } },
    },
  });
  return orders.map(({ id, status, totalCents, user, items }) => ({
    id,
    status,
    totalCents,
    customer: user.name,
    pieces: piecesOf(items),
  }));
}

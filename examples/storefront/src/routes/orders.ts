import type { StorePrisma } from '../clients/client.ts';

/** An order in the back office's list. */
export interface OrderLine {
  readonly id: number;
  readonly status: string;
  readonly totalCents: number;
  readonly customer: string;
  readonly pieces: number;
}

export const listLength = 50;

/**
 * The newest orders, with their customers and how many pieces were bought.
 *
 * What is wrong: one statement for the list, then two for each of its 50 rows, one after the other: 101 trips to the
 * database for one page. Each takes a connection and gives it back, so a few people in the back office keep the whole pool
 * busy, and the page is as slow as the network is far.
 */
export async function orderList(prisma: StorePrisma): Promise<OrderLine[]> {
  const orders = await prisma.order.findMany({ orderBy: { id: 'desc' }, take: listLength });
  const lines: OrderLine[] = [];
  for (const { id, status, totalCents, userId } of orders) {
    const user = await prisma.user.findUniqueOrThrow({ where: { id: userId } });
    const items = await prisma.orderItem.findMany({ where: { orderId: id } });
    lines.push({ id, status, totalCents, customer: user.name, pieces: piecesOf(items) });
  }
  return lines;
}

export function piecesOf(items: readonly { readonly quantity: number }[]): number {
  return items.reduce((sum, { quantity }) => sum + quantity, 0);
}

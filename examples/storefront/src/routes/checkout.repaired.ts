import type { Cart } from '../cart.ts';
import type { StorePrisma } from '../clients/client.ts';
import type { PaymentGateway } from '../payment.ts';
import { type CheckoutReceipt, reserveOrder } from './reserve.ts';

/**
 * Buys what is in the cart, and holds no connection while the payment is made.
 *
 * What was changed: a short transaction reserves the stock and leaves a pending order; the payment is made with no
 * transaction open; one statement then confirms the order, or, if no money moved, a second short transaction takes the
 * reservation back. The pending order outlives a crash in between: what became of it can be asked of the gateway.
 */
export async function checkout(
  prisma: StorePrisma,
  payment: PaymentGateway,
  cart: Cart,
): Promise<CheckoutReceipt> {
  const order = await prisma.$transaction((tx) => reserveOrder(tx, cart));
  try {
    await payment.charge({ orderId: order.id, amountCents: order.totalCents });
  } catch (error) {
    await cancelOrder(prisma, order.id, cart);
    throw error;
  }
  await confirmOrder(prisma, order.id);
  return { orderId: order.id, totalCents: order.totalCents, status: 'paid' };
}

// Both change an order only while it is pending, so that asking twice does no harm.

async function confirmOrder(prisma: StorePrisma, id: number): Promise<void> {
  await prisma.order.updateMany({ where: { id, status: 'pending' }, data: { status: 'paid' } });
}

async function cancelOrder(prisma: StorePrisma, id: number, cart: Cart): Promise<void> {
  await prisma.$transaction(async (tx) => {
    const { count } = await tx.order.updateMany({
      where: { id, status: 'pending' },
      data: { status: 'failed' },
    });
    if (count === 0) return;
    for (const { productId, quantity } of cart.items) {
      await tx.product.update({
        where: { id: productId },
        data: { stock: { increment: quantity } },
        select: { id: true },
      });
    }
  });
}

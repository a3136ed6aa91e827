import type { Cart } from '../cart.ts';
import type { StorePrisma } from '../clients/client.ts';
import type { PaymentGateway } from '../payment.ts';
import { type CheckoutReceipt, reserveOrder } from './reserve.ts';

/**
 * Buys what is in the cart.
 *
 * What is wrong: the payment is a call over the internet inside the transaction. For its 300 ms the transaction holds a
 * connection that does nothing and locks on the products it sold. Five shoppers hold the five connections of the pool,
 * and visitors who only want to read a product page wait behind them. (Nor does the transaction protect the shopper: if
 * the COMMIT fails after the charge, the money is gone and the order with it.)
 */
export function checkout(
  prisma: StorePrisma,
  payment: PaymentGateway,
  cart: Cart,
): Promise<CheckoutReceipt> {
  return prisma.$transaction(async (tx) => {
    const order = await reserveOrder(tx, cart);
    await payment.charge({ orderId: order.id, amountCents: order.totalCents });
    await tx.order.update({ where: { id: order.id }, data: { status: 'paid' } });
    return { orderId: order.id, totalCents: order.totalCents, status: 'paid' };
  });
}

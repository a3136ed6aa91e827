import type { Cart } from '../cart.ts';
import type { Prisma } from '../generated/client.ts';
import { Refusal } from '../refusal.ts';

export interface CheckoutReceipt {
  readonly orderId: number;
  readonly totalCents: number;
  readonly status: 'paid';
}

/**
 * Takes the cart's products out of stock and writes a pending order for them.
 * Refuses with `unknown-product` or `sold-out`; the transaction must then be rolled back.
 */
export async function reserveOrder(tx: Prisma.TransactionClient, cart: Cart) {
  const products = await tx.product.findMany({
    where: { id: { in: cart.items.map((item) => item.productId) }, isPublished: true },
    select: { id: true, priceCents: true },
  });
  const prices = new Map(products.map((product) => [product.id, product.priceCents]));

  const lines = [];
  for (const { productId, quantity } of cart.items) {
    const unitPriceCents = prices.get(productId);
    if (unitPriceCents === undefined) {
      throw new Refusal('unknown-product', `There is no product ${productId}.`);
    }
    // Check and decrement are one statement: two shoppers can't both see the last item.
    const { count } = await tx.product.updateMany({
      where: { id: productId, stock: { gte: quantity } },
      data: { stock: { decrement: quantity } },
    });
    if (count === 0) {
      throw new Refusal('sold-out', `Fewer than ${quantity} of product ${productId} are left.`);
    }
    lines.push({ productId, quantity, unitPriceCents });
  }

  return tx.order.create({
    data: {
      userId: cart.userId,
      totalCents: lines.reduce((sum, line) => sum + line.quantity * line.unitPriceCents, 0),
      items: { create: lines },
    },
    select: { id: true, totalCents: true },
  });
}

import type { StorePrisma } from '../clients/client.ts';
import { Refusal } from '../refusal.ts';

type Product = Awaited<ReturnType<typeof lookUpProduct>>;

export interface ProductAnswer {
  readonly product: Product;
  /** For the header of this name, when it was not the database that answered. */
  readonly cacheStatus?: string;
}

/** A product and its category, as its page shows them; a `not-found` refusal for a draft or an unknown id. */
export type ShowProduct = (id: string) => Promise<ProductAnswer>;

/**
 * Asks the database for every page.
 *
 * What is wrong: nothing, until the database is away. Then a page that was shown a thousand times in the last minute, and that
 * nobody has changed, can't be shown any more.
 */
export function productPages(prisma: StorePrisma): ShowProduct {
  return async (id) => ({ product: await lookUpProduct(prisma, id) });
}

export async function lookUpProduct(prisma: StorePrisma, id: string) {
  const product = /^[1-9]\d{0,8}$/.test(id)
    ? await prisma.product.findFirst({
        where: { id: Number(id), isPublished: true },
        include: { category: true },
      })
    : null;
  if (!product) throw new Refusal('not-found', `There is no product ${id}.`);
  return product;
}

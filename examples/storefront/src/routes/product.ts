import type { StorePrisma } from '../clients/client.ts';
import { Refusal } from '../refusal.ts';

/** A product and its category, as its page shows them; a `not-found` refusal for a draft or an unknown id. */
export async function productPage(prisma: StorePrisma, id: string) {
  const product = /^[1-9]\d{0,8}$/.test(id)
    ? await prisma.product.findFirst({
        where: { id: Number(id), isPublished: true },
        include: { category: true },
      })
    : null;
  if (!product) throw new Refusal('not-found', `There is no product ${id}.`);
  return product;
}

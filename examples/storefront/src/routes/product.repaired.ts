import { cache } from '@lifeguard/guard';
import type { StorePrisma } from '../clients/client.ts';
import { lookUpProduct, type ShowProduct } from './product.ts';

/** The mark of an old page, as RFC 9211 has it. */
const staleOnError = 'shop; hit; detail=stale-on-error';

/**
 * What was changed: a page that was read in the last seconds is answered from memory, and one that was read in the last hour is
 * answered from memory while the database can't answer, marked as such. However many ask for a page at once, it is read once.
 * (A draft or an unknown id is never kept: an error is no answer.)
 */
export function productPages(prisma: StorePrisma): ShowProduct {
  const pages = cache({ ttl: '5s', staleOnError: '1h' });
  return async (id) => {
    const { value, state } = await pages.read(id, () => lookUpProduct(prisma, id));
    return state === 'stale-on-error'
      ? { product: value, cacheStatus: staleOnError }
      : { product: value };
  };
}

import type { Owner } from './owner.ts';

/** `Product.findMany at home (routes/home.ts:12:3)`, as far as it is known. */
export function describeOwner({ label, site }: Owner): string {
  const where = site && `${site}`;
  return where ? `${label} at ${where}` : label;
}

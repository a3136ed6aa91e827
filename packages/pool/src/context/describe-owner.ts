import type { Owner } from './owner.ts';

/** Of several places so many are named. */
const MOST_PLACES = 3;

/** `Product.findMany at home (routes/home.ts:12:3)`, as far as it is known; of a joined statement, all its places. */
export function describeOwner(owner: Owner): string {
  const sites = [owner, ...(owner.joined?.() ?? [])].flatMap(({ site }) =>
    site ? `${site}` || [] : [],
  );
  const places = [...new Set(sites)];
  if (places.length === 0) return owner.label;
  const more = places.length - MOST_PLACES;
  const named = places.slice(0, MOST_PLACES).join(', ');
  return `${owner.label} at ${named}${more > 0 ? ` and ${more} more` : ''}`;
}

/** What the homepage shows of a product. */
export interface Card {
  readonly id: number;
  readonly slug: string;
  readonly name: string;
  readonly priceCents: number;
}

export const card = { id: true, slug: true, name: true, priceCents: true } as const;

/** A category on the homepage, with its newest products first. */
export interface Shelf {
  readonly id: number;
  readonly slug: string;
  readonly name: string;
  readonly products: readonly Card[];
}

/** How many products the homepage shows of each category. */
export const shelfLength = 8;

/** How many rows a shop is filled with. */
export interface ShopSize {
  readonly categories: number;
  readonly products: number;
  readonly users: number;
  readonly orders: number;
}

/** The size that the incidents are run with. */
export const fullSize: ShopSize = {
  categories: 50,
  products: 100_000,
  users: 10_000,
  orders: 20_000,
};

/** Every 20th product is a draft that only the shop's staff may see. */
export const draftEvery = 20;

/** Says whether the seeded product with this id can be bought. */
export function isPublished(productId: number): boolean {
  return productId % draftEvery !== 0;
}

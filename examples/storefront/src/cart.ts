import { Refusal } from './refusal.ts';

export interface CartItem {
  readonly productId: number;
  readonly quantity: number;
}

/** What a shopper wants to buy: each product once, in the order of their ids. */
export interface Cart {
  readonly userId: number;
  readonly items: readonly CartItem[];
}

const maxItems = 50;
const maxQuantity = 100;
const maxId = 2 ** 31 - 1;

/** Reads a cart from a request's body; a `bad-request` refusal names the field that is wrong. */
export function parseCart(body: unknown): Cart {
  const { userId, items } = record(body, 'The body');
  if (!Array.isArray(items) || items.length === 0 || items.length > maxItems) {
    throw bad(`items must be an array of 1 to ${maxItems} items, each { productId, quantity }.`);
  }
  const quantities = new Map<number, number>();
  for (const [index, item] of items.entries()) {
    const at = `items[${index}]`;
    const { productId, quantity } = record(item, at);
    const id = whole(productId, `${at}.productId`, maxId);
    quantities.set(id, (quantities.get(id) ?? 0) + whole(quantity, `${at}.quantity`, maxQuantity));
  }
  return {
    userId: whole(userId, 'userId', maxId),
    // Shoppers who lock the same products lock them in the same order, so no two of them wait for each other.
    items: [...quantities]
      .map(([productId, quantity]) => ({ productId, quantity }))
      .sort((a, b) => a.productId - b.productId),
  };
}

function record(value: unknown, name: string): Record<string, unknown> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    return value as Record<string, unknown>;
  }
  throw bad(`${name} must be a JSON object.`);
}

function whole(value: unknown, name: string, max: number): number {
  if (typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= max) {
    return value;
  }
  throw bad(`${name} must be a whole number from 1 to ${max}.`);
}

function bad(message: string): Refusal {
  return new Refusal('bad-request', message);
}

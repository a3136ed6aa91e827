import { createHash } from 'node:crypto';
import { fullSize, isPublished, type ShopSize } from './database/size.ts';

/** What a stream's requests may be made from. */
export interface RequestContext {
  /** A number from 0 (included) to 1 (excluded), from a seeded generator. */
  readonly random: () => number;
  /** How the shop was filled (default: `fullSize`). */
  readonly size?: ShopSize;
}

/** `closed`: so many users, each of whom asks again when answered. `open`: so many requests a second, answered or not. */
export type Arrival =
  | { readonly kind: 'closed'; readonly users: number }
  | { readonly kind: 'open'; readonly requestsPerSecond: number };

/** Requests of one kind, sent beside those of the incident's other streams. */
export interface Stream {
  readonly name: string;
  readonly method: 'GET' | 'POST';
  readonly arrival: Arrival;
  path(context: RequestContext): string;
  /** The JSON body, for POST. */
  body?(context: RequestContext): unknown;
  headers?(context: RequestContext): Record<string, string>;
}

export interface Incident {
  readonly name: 'homepage' | 'session' | 'checkout' | 'n-plus-one' | 'outage';
  readonly title: string;
  /** What happens and why, in a few sentences. */
  readonly story: string;
  /** The pool's size that it is run with. */
  readonly connectionLimit: number;
  readonly streams: readonly Stream[];
  /** The server is stopped under the load, and stays away for so long. */
  readonly outageSeconds?: number;
}

/** Visitors who only look: they show what an incident does to those who have no part in it. */
const productPages: Stream = {
  name: 'product pages',
  method: 'GET',
  arrival: { kind: 'open', requestsPerSecond: 100 },
  path: ({ random, size = fullSize }) => `/api/products/${publishedProduct(random, size)}`,
};

/** How many products are asked for again and again. */
const bestSellers = 100;

/** How many of the shop's users are there at the same time. */
const signedIn = 500;

export const incidents: readonly Incident[] = [
  {
    name: 'homepage',
    title: 'A homepage that asks for every category at once',
    story:
      'The homepage shows the newest products of 50 categories and fetches them with Promise.all: 50 statements at ' +
      'once for each visitor. Every one of them is fast, but all of them want a connection in the same moment.',
    connectionLimit: 1,
    streams: [
      {
        name: 'homepage',
        method: 'GET',
        arrival: { kind: 'closed', users: 100 },
        path: () => '/api/home',
      },
    ],
  },
  {
    name: 'session',
    title: 'A session look-up at every request',
    story:
      'Every page first asks the database whose session the cookie is, fetches the user, and notes that the session was ' +
      'used: three statements before the page itself does anything, the same answer as a second ago.',
    connectionLimit: 2,
    streams: [
      {
        name: 'signed-in pages',
        method: 'GET',
        arrival: { kind: 'closed', users: 100 },
        path: () => '/api/account',
        headers: ({ random, size = fullSize }) => ({
          cookie: `session=${sessionToken(randomId(random, Math.min(size.users, signedIn)))}`,
        }),
      },
      productPages,
    ],
  },
  {
    name: 'checkout',
    title: 'A payment call inside a transaction',
    story:
      'The checkout calls the payment company, which takes 300 ms, inside its database transaction. Five shoppers ' +
      'hold all five connections while nothing runs on them, and visitors who only read product pages wait for one.',
    connectionLimit: 5,
    streams: [
      {
        name: 'checkout',
        method: 'POST',
        arrival: { kind: 'closed', users: 60 },
        path: () => '/api/checkout',
        body: ({ random, size = fullSize }) => ({
          userId: randomId(random, size.users),
          items: [{ productId: publishedProduct(random, size), quantity: 1 }],
        }),
      },
      productPages,
    ],
  },
  {
    name: 'n-plus-one',
    title: 'A list that loads each row’s relations',
    story:
      'The back office lists the 50 newest orders and asks, for each of them, for its customer and its items: 101 ' +
      'statements one after the other for one page.',
    connectionLimit: 5,
    streams: [
      {
        name: 'order list',
        method: 'GET',
        arrival: { kind: 'closed', users: 40 },
        path: () => '/api/orders',
      },
    ],
  },
  {
    name: 'outage',
    title: 'The database goes away for ten seconds',
    story:
      'The server is restarted, and refuses connections for ten seconds, while visitors go on to read the pages of the ' +
      'shop’s best-sellers, which have been read many times before.',
    connectionLimit: 5,
    outageSeconds: 10,
    streams: [
      {
        name: 'best-sellers',
        method: 'GET',
        arrival: { kind: 'open', requestsPerSecond: 100 },
        path: ({ random, size = fullSize }) =>
          `/api/products/${publishedProduct(random, { ...size, products: Math.min(size.products, bestSellers) })}`,
      },
    ],
  },
];

function randomId(random: () => number, count: number): number {
  return 1 + Math.floor(random() * count);
}

function publishedProduct(random: () => number, size: ShopSize): number {
  const id = randomId(random, size.products);
  return isPublished(id) ? id : id - 1;
}

/** As the seed makes them: predictable, for this is a shop to be watched and not to be robbed. */
export function sessionToken(userId: number): string {
  return createHash('md5').update(`session of shopper${userId}@example.com`).digest('hex');
}

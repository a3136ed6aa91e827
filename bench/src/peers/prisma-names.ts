// Apart from the clients, so that naming them does not load Prisma.
export const STOCK_ADAPTER = 'Prisma’s adapter';
export const LIFEGUARD_PLAIN = 'Lifeguard, no extension';

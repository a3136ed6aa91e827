import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createStockClient } from '../clients/stock.ts';
import { sessionToken } from '../incidents.ts';
import { openShop, type TestShop } from '../testing/shop.ts';
import { sessions as repaired } from './account.repaired.ts';
import { sessions as naive } from './account.ts';

let shop: TestShop;
beforeAll(async () => {
  shop = await openShop();
});
afterAll(() => shop?.close());
beforeEach(async () => {
  await shop.sql.query(
    "UPDATE sessions SET last_seen_at = '2026-01-01', expires_at = '2099-01-01'",
  );
});

describe.each([
  { name: 'as it was', sessions: naive },
  { name: 'repaired', sessions: repaired },
])('$name', ({ sessions }) => {
  test('a token tells whose it is, and the session is marked as seen', async () => {
    expect(await sessions(shop.prisma)(sessionToken(3))).toEqual({
      name: 'Shopper 3',
      email: 'shopper3@example.com',
    });
    expect(await seen()).toEqual([3]);
  });

  test('an unknown token and one that has expired are nobody’s', async () => {
    await shop.sql.query("UPDATE sessions SET expires_at = '2026-01-01' WHERE user_id = 4");
    const authenticate = sessions(shop.prisma);
    for (const token of ['nobody', sessionToken(4)]) {
      await expect(authenticate(token)).rejects.toMatchObject({ code: 'not-signed-in' });
    }
    expect(await seen()).toEqual([]);
  });
});

test('repaired, the next request asks nothing of the database', async () => {
  const authenticate = repaired(shop.prisma);
  const first = await authenticate(sessionToken(5));
  await shop.sql.query("UPDATE sessions SET last_seen_at = '2026-01-01'");
  expect(await authenticate(sessionToken(5))).toEqual(first);
  expect(await seen()).toEqual([]);
});

test('repaired, a new session while the database is away is a 503, and no sign-out', async () => {
  const { prisma, close } = createStockClient('postgresql://shop@127.0.0.1:1/shop');
  await expect(repaired(prisma)(sessionToken(6))).rejects.toMatchObject({ code: 'unavailable' });
  await close();
});

async function seen(): Promise<number[]> {
  const { rows } = await shop.sql.query(
    "SELECT user_id FROM sessions WHERE last_seen_at > now() - interval '1 hour' ORDER BY user_id",
  );
  return rows.map(({ user_id }) => user_id);
}

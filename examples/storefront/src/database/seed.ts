import type { SqlClient } from './schema.ts';
import { draftEvery, fullSize, type ShopSize } from './size.ts';
import { adjectives, nouns } from './words.ts';

export interface FillOptions extends Partial<ShopSize> {
  /** Called when a table has been filled. */
  onProgress?: (done: { table: string; millis: number }) => void;
}

/**
 * Fills the empty tables that `createSchema` made, one statement per table, the same rows every time.
 * Sizes default to those of the incidents (50 categories, 100 000 products); there must be at least one of each.
 */
export async function fillSchema(
  client: SqlClient,
  { onProgress, ...size }: FillOptions = {},
): Promise<void> {
  const wanted = { ...fullSize, ...size };
  for (const { table, text, values } of steps(wanted)) {
    const startedAt = performance.now();
    await client.query(text, values);
    onProgress?.({ table, millis: performance.now() - startedAt });
  }
  // Without statistics the planner guesses, and the first visitors would pay for the visibility map.
  await client.query(`VACUUM (ANALYZE) ${tables.join(', ')}`);
}

const tables = ['categories', 'products', 'users', 'sessions', 'orders', 'order_items'];

interface Step {
  table: string;
  text: string;
  values: unknown[];
}

// Ids are left to the identity columns, which count from 1 in the order of generate_series.
// 7919 is a prime that divides no size in use: i * 7919 % n visits 0 … n-1 in an order that looks shuffled.
function steps(size: ShopSize): Step[] {
  return [
    {
      table: 'categories',
      text: `
        INSERT INTO categories (slug, name)
        SELECT lower(replace(name, ' ', '-')), name
        FROM unnest($1::text[]) WITH ORDINALITY AS wanted (name, position)
        ORDER BY position`,
      values: [categoryNames(size.categories)],
    },
    {
      table: 'products',
      text: `
        INSERT INTO products
          (category_id, slug, name, description, price_cents, stock, is_published, created_at)
        SELECT
          category_id, lower(replace(name, ' ', '-')), name,
          name || ': made to be used every day and to be repaired when it breaks. ' ||
            'Ships within two days; returns are free for a month.',
          195 + i * 37 % 9900, 500, i % $3 <> 0,
          timestamptz '2026-01-01 00:00:00Z' + i::bigint * 7919 % $2 * interval '1 minute'
        FROM generate_series(1, $2::integer) AS i
        CROSS JOIN LATERAL (SELECT 1 + (i + i / $3::integer) % $1::integer) AS of (category_id)
        CROSS JOIN LATERAL (
          SELECT concat_ws(' ',
            ($4::text[])[1 + i / 7 % cardinality($4::text[])],
            ($5::text[])[1 + (category_id - 1) % cardinality($5::text[])],
            i)
        ) AS called (name)
        ORDER BY i`,
      values: [size.categories, size.products, draftEvery, adjectives, nouns],
    },
    {
      table: 'users',
      text: `
        INSERT INTO users (email, name, created_at)
        SELECT 'shopper' || i || '@example.com', 'Shopper ' || i,
          timestamptz '2025-06-01 00:00:00Z' + i * interval '1 minute'
        FROM generate_series(1, $1::integer) AS i
        ORDER BY i`,
      values: [size.users],
    },
    {
      table: 'sessions',
      text: `
        INSERT INTO sessions (user_id, token, expires_at, last_seen_at)
        SELECT id, md5('session of ' || email), timestamptz '2099-01-01 00:00:00Z', created_at
        FROM users
        ORDER BY id`,
      values: [],
    },
    {
      table: 'orders',
      text: `
        INSERT INTO orders (user_id, status, total_cents, created_at)
        SELECT 1 + i::bigint * 7919 % $3, 'paid', sum(quantity * price_cents),
          timestamptz '2026-03-01 00:00:00Z' + i * interval '1 minute'
        FROM (${orderLines}) AS line
        JOIN products ON products.id = line.product_id
        GROUP BY i
        ORDER BY i`,
      values: [size.orders, size.products, size.users],
    },
    {
      table: 'order_items',
      text: `
        INSERT INTO order_items (order_id, product_id, quantity, unit_price_cents)
        SELECT i, product_id, quantity, price_cents
        FROM (${orderLines}) AS line
        JOIN products ON products.id = line.product_id
        ORDER BY i, product_id`,
      values: [size.orders, size.products],
    },
  ];
}

/** One to three lines for each of $1 orders, of different products among $2. */
const orderLines = `
  SELECT i, 1 + (i::bigint * 7919 + line) % $2::integer AS product_id, 1 + (i + line) % 2 AS quantity
  FROM generate_series(1, $1::integer) AS i
  CROSS JOIN LATERAL generate_series(1, 1 + i % least(3, $2::integer)) AS line`;

function categoryNames(count: number): string[] {
  return Array.from({ length: count }, (_, index) => {
    const round = Math.floor(index / nouns.length);
    return `${nouns[index % nouns.length]}s${round === 0 ? '' : ` ${round + 1}`}`;
  });
}

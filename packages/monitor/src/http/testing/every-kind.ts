import type { KnownStats } from '@lifeguard/pool';
import { findIncidents } from '../../incidents/find-incidents.ts';
import type { Incident } from '../../incidents/incident.ts';
import type { Surroundings } from '../../incidents/surroundings.ts';
import {
  fanOut,
  holder,
  madeUpStats,
  nPlusOne,
  owner,
  statement,
} from '../../testing/pool-stats.ts';

const CHECKOUT = '$transaction (Product.findMany, Product.updateMany, Order.create, …)';
const FIND =
  'SELECT … FROM "public"."products" WHERE ("public"."products"."category_id" = $1 AND "public"."products"."is_published" = $2) ORDER BY "publi…';
const SITE = 'getProductsByCategory (src/routes/homepage.ts:17:27)';
const leaked = holder({
  owner: 'nightly export',
  site: 'exportOrders (src/jobs/export.ts:31:22)',
  inTransaction: false,
  heldMillis: 95_000,
  idleMillis: 90_000,
});
const STACK = `Error
    at exportOrders (src/jobs/export.ts:31:22)
    at runJob (src/jobs/runner.ts:12:9)
    at async main (src/jobs/main.ts:7:3)`;
const BUSY = { connections: { idle: 0, checkedOut: 5 }, pending: 31 };

/** One situation for each kind of incident. */
const SITUATIONS: readonly (readonly [KnownStats, Surroundings?])[] = [
  [
    {
      connections: { total: 0, idle: 0 },
      counts: { connectFailures: 12 },
      lastConnectError: 'connect ECONNREFUSED 10.0.3.12:5432',
    },
  ],
  [{ counts: { connectFailures: 7 }, lastConnectError: 'sorry, too many clients already' }],
  [{}, { replicas: [{ name: 'replica-2', isUp: true, lagMillis: 92_000, lagBytes: 48e6 }] }],
  [
    {},
    {
      replicas: [
        {
          name: 'replica-3',
          isUp: false,
          lostSince: '2026-03-01T11:58:07.000Z',
          slot: 'replica_3',
          keptBytes: 3.2e9,
        },
      ],
    },
  ],
  [{}, { leaks: [{ ...leaked, stack: STACK, reclaimed: false }] }],
  [
    {
      nested: [
        {
          holder: CHECKOUT,
          holderSite: 'checkout (src/routes/checkout.ts:11:19)',
          asks: 'User.findUnique',
          site: 'discountOf (src/discounts.ts:8:31)',
          count: 41,
          waited: 17,
          refused: 3,
        },
      ],
    },
  ],
  [
    {
      nPlusOnes: [
        nPlusOne({
          site: 'orderList (src/routes/orders.ts:14:46)',
          after: 'Order.findMany at orderList (src/routes/orders.ts:11:40)',
          call: 'prisma.product.findUnique({ where: { id: … } })',
          rewrite:
            'Before the loop write `prisma.product.findMany({ where: { id: { in: ids } } })`, and find each row in a Map by its id.',
        }),
      ],
    },
  ],
  [
    {
      fanOuts: [
        fanOut({
          site: SITE,
          statement: FIND,
          call: 'prisma.product.findMany({ where: { categoryId: …, isPublished: true }, take: 8 })',
          rewrite:
            "In place of the calls at once write `prisma.product.findManyGrouped({ by: 'categoryId', in: categoryIds, take: 8, where: { isPublished: true }, orderBy: [{ createdAt: 'desc' }] })`: one statement.",
        }),
      ],
    },
  ],
  [
    {
      counts: { statements: 4_000 },
      wait: { count: 4_000, p50Millis: 25 },
      statements: [
        statement({
          statement: 'SELECT … FROM "public"."sessions" WHERE "public"."sessions"."token" = $1',
          owners: ['Session.findFirst at sessions (src/routes/account.ts:22:40)'],
          executions: 1_000,
          totalMillis: 400,
        }),
      ],
    },
  ],
  [
    {
      owners: [
        owner({
          owner: `${CHECKOUT} in POST /api/checkout`,
          checkouts: 40,
          heldMillis: 25_000,
          idleMillis: 13_000,
        }),
      ],
    },
    { seconds: 30 },
  ],
  [
    {
      statements: [
        statement({
          statement: 'SELECT date_trunc(?, created_at) AS day, sum(total) FROM orders GROUP BY day',
          executions: 4,
          totalMillis: 12_000,
          meanMillis: 3_000,
          maxMillis: 4_100,
        }),
      ],
    },
  ],
  [{ ...BUSY, counts: { timeouts: 41 }, wait: { count: 90, p50Millis: 1_900, p99Millis: 5_000 } }],
  [{ ...BUSY, counts: { shed: 611 }, wait: { count: 900, p99Millis: 2_000 } }],
  [
    {},
    {
      breaker: {
        state: 'open',
        since: new Date('2026-03-01T12:14:00Z'),
        reason: '40 of the last 80 calls failed; the last: unreachable, ECONNREFUSED',
        retryAfterMillis: 635,
      },
    },
  ],
];

/** An incident of every kind, as the detectors tell it. */
export function everyKind(): Incident[] {
  const all = SITUATIONS.flatMap(([stats, around]) => findIncidents(madeUpStats(stats), around));
  return [...new Map(all.map((incident) => [incident.kind, incident])).values()];
}

import type { PoolStats } from '@lifeguard/pool';
import type { MonitorOptions, Pools } from '../../monitor/options.ts';
import { fanOut, holder } from '../../testing/pool-stats.ts';
import { ScriptedPool } from '../../testing/scripted-pool.ts';
import { busyServer } from './busy-server.ts';
import { everyKind } from './every-kind.ts';

/** What happens to pools in one second of a story; `second` counts from 0. */
type Story = (second: number) => void;

export interface Scene {
  readonly pools: Pools;
  /** What the monitor is told besides. */
  readonly around?: Pick<MonitorOptions, 'breakers' | 'detectors' | 'replicas' | 'servers'>;
  readonly story: Story;
  /** Seconds that are over when somebody looks. */
  readonly past: number;
}

const FIND =
  'SELECT "public"."Product"."id", "public"."Product"."name", "public"."Product"."price" FROM "public"."Product" WHERE "public"."Product"."categoryId" = $1 ORDER BY "public"."Product"."id" ASC LIMIT $2 OFFSET $3';
const SESSION =
  'SELECT "public"."Session"."id", "public"."Session"."userId", "public"."Session"."expires" FROM "public"."Session" WHERE ("public"."Session"."token" = $1 AND 1=1) LIMIT $2 OFFSET $3';
const ORDER =
  'INSERT INTO "public"."Order" ("userId","total","status") VALUES ($1,$2,$3) RETURNING "public"."Order"."id"';
const REPORT =
  'SELECT date_trunc(?, "createdAt") AS day, sum("total") FROM "public"."Order" GROUP BY day ORDER BY day';

/** Up and down, as visitors come and go; the same at each run. */
function wave(second: number, low: number, high: number): number {
  const share = (Math.sin(second / 23) + Math.sin(second / 7.3 + 2) * 0.4 + 1.4) / 2.8;
  return low + (high - low) * share;
}

function times(count: number, millis: number, spread = 3): PoolStats['wait'] {
  return {
    count,
    meanMillis: millis,
    p50Millis: millis * 0.8,
    p90Millis: millis * 1.6,
    p99Millis: millis * spread,
    maxMillis: millis * spread * 1.4,
  };
}

function healthy(pool: ScriptedPool, second: number, max = 10): void {
  const visits = Math.round(wave(second, 120, 420));
  pool
    .runs(FIND, visits, 1.8)
    .runs(SESSION, Math.round(visits / 2), 0.7)
    .runs(ORDER, Math.round(visits / 40), 3.1)
    .held('$transaction (Order.create) in POST /api/orders', Math.round(visits / 40), 14, 3);
  const checkedOut = Math.round(wave(second, 0, 2.4));
  const shared = Math.round(wave(second + 5, 1, 3));
  pool.is({
    connections: { max, total: 6, idle: 6 - checkedOut - shared, checkedOut, shared },
    wait: times(visits, wave(second, 0.1, 0.5), 6),
    service: times(visits, 1.6),
    statementsPerSecond: visits,
    holders: Array.from({ length: checkedOut }, (_, i) =>
      holder({
        owner: '$transaction (Order.create) in POST /api/orders',
        heldMillis: 11 - i * 4,
        idleMillis: 2,
        statements: 3,
        site: 'src/orders.ts:42',
      }),
    ),
  });
}

/** A payment call inside a transaction holds what others wait for. */
function exhausted(pool: ScriptedPool, second: number): void {
  const visits = Math.round(wave(second, 30, 60));
  pool
    .runs(FIND, visits, 2.2)
    .runs(ORDER, 14, 4)
    .held('$transaction (Order.create) in POST /api/checkout', 14, 640, 590)
    .fansOut(fanOut({ route: 'GET /api/home', statement: FIND, requests: 4, peak: 50 }))
    .count({ waited: 60, timeouts: 7 });
  pool.is({
    connections: { max: 10, total: 10, idle: 0, checkedOut: 9, shared: 1 },
    pending: Math.round(wave(second, 28, 64)),
    waiting: [
      {
        owner: 'Product.findMany in GET /api/home',
        callers: Math.round(wave(second, 20, 46)),
        longestMillis: 4_810,
      },
      {
        owner: '$transaction in POST /api/checkout',
        callers: Math.round(wave(second, 8, 18)),
        longestMillis: 4_120,
      },
    ],
    wait: times(visits, 1_900, 2.6),
    service: times(visits, 2.4),
    holders: Array.from({ length: 9 }, (_, i) =>
      holder({
        owner: '$transaction (Order.create) in POST /api/checkout',
        heldMillis: 4_310 - i * 437 + ((second * 137) % 300),
        idleMillis: 3_980 - i * 431 + ((second * 137) % 300),
        statements: 2,
        site: 'src/routes/checkout.ts:17',
      }),
    ),
  });
}

/** States of the page that are hard to come by on a real pool, or would take a quarter of an hour. */
export const SCENES = {
  healthy(): Scene {
    const pool = new ScriptedPool();
    return { pools: { main: pool }, past: 900, story: (second) => healthy(pool, second) };
  },

  exhausted(): Scene {
    const pool = new ScriptedPool();
    return {
      pools: { main: pool },
      past: 900,
      story: (second) => {
        if (second < 845) healthy(pool, second);
        else exhausted(pool, second);
      },
    };
  },

  /** It has been exhausted, and is not any more. */
  recovered(): Scene {
    const pool = new ScriptedPool();
    return {
      pools: { main: pool },
      past: 900,
      story: (second) => {
        if (second < 500 || second > 610) healthy(pool, second);
        else exhausted(pool, second);
      },
    };
  },

  quiet(): Scene {
    const pool = new ScriptedPool();
    pool.is({ connections: { max: 10, total: 0, idle: 0, peak: 0 } });
    return { pools: { main: pool }, past: 40, story: () => {} };
  },

  empty(): Scene {
    return { pools: {}, past: 5, story: () => {} };
  },

  fleet(): Scene {
    const main = new ScriptedPool();
    const replica = new ScriptedPool();
    const reports = new ScriptedPool();
    return {
      pools: { main, 'replica-1': replica, reports },
      past: 900,
      story: (second) => {
        healthy(main, second, 40);
        healthy(replica, second + 40, 200);
        healthy(reports, second + 90, 3);
        if (second > 860) reports.runs(REPORT, 2, 4_200);
      },
    };
  },

  /** Somebody holds up others on the server; a replica is behind, and the breaker lets callers back in. */
  server(): Scene {
    const pool = new ScriptedPool();
    const since = new Date('2026-03-01T12:13:00Z');
    const breaker = { state: 'returning', since, retryAfterMillis: 0 } as const;
    return {
      pools: { main: pool },
      around: {
        servers: { main: busyServer() },
        breakers: { main: { status: () => breaker } },
        replicas: {
          main: () => [
            { name: 'replica-1', isUp: true, lagMillis: 12, lagBytes: 0, isUsed: true },
            { name: 'replica-2', isUp: true, lagMillis: 92_000, lagBytes: 48e6, isUsed: false },
            { name: 'replica-3', isUp: false, lostSince: '2026-03-01T12:11:42Z', isUsed: false },
          ],
        },
      },
      past: 900,
      story: (second) => healthy(pool, second),
    };
  },

  /** Everything goes wrong at once, so that every kind of incident can be looked at. */
  everything(): Scene {
    const pool = new ScriptedPool();
    return {
      pools: { main: pool },
      around: { detectors: [() => everyKind()] },
      // Later those that are counted would be over.
      past: 20,
      story: (second) => healthy(pool, second),
    };
  },

  down(): Scene {
    const pool = new ScriptedPool();
    return {
      pools: { main: pool },
      past: 300,
      story: (second) => {
        if (second < 280 || second >= 300) return healthy(pool, second);
        pool.count({ connectFailures: 3, timeouts: 12 }).is({
          connections: { max: 10, total: 1, idle: 0, connecting: 1 },
          pending: 120,
          wait: times(12, 5_000, 1),
          lastConnectError: 'connect ECONNREFUSED 10.0.3.12:5432',
        });
      },
    };
  },
} satisfies Record<string, () => Scene>;

export type SceneName = keyof typeof SCENES;

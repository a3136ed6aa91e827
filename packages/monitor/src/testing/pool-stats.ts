import {
  type FanOutStats,
  type Holder,
  type KnownStats,
  type NPlusOneStats,
  type OwnerStats,
  type PoolStats,
  type StatementStats,
  statsOf,
} from '@lifeguard/pool';

/** What a test says of a pool; the rest is a pool of five that has nothing to do. */
export function madeUpStats({ connections, counts, ...rest }: KnownStats = {}): PoolStats {
  return statsOf({
    connections: { max: 5, total: 5, idle: 5, peak: 5, ...connections },
    counts: { connects: 5, ...counts },
    ...rest,
  });
}

export function owner(part: Partial<OwnerStats> = {}): OwnerStats {
  const { checkouts = 1, heldMillis = 0 } = part;
  return {
    owner: 'Order.create',
    checkouts,
    heldMillis,
    idleMillis: 0,
    maxHeldMillis: heldMillis / checkouts,
    ...part,
  };
}

export function holder(part: Partial<Holder> = {}): Holder {
  return {
    id: 1,
    owner: 'Order.create',
    heldMillis: 0,
    idleMillis: 0,
    inTransaction: true,
    statements: 1,
    site: undefined,
    ...part,
  };
}

export function statement(part: Partial<StatementStats> = {}): StatementStats {
  return {
    statement: 'SELECT * FROM products',
    owners: [],
    executions: 1,
    errors: 0,
    totalMillis: 0,
    meanMillis: 0,
    maxMillis: 0,
    ...part,
  };
}

export function fanOut(part: Partial<FanOutStats> = {}): FanOutStats {
  return {
    route: 'GET /api/home',
    owner: 'Product.findMany',
    site: undefined,
    statement: 'SELECT * FROM products WHERE category = $1',
    requests: 3,
    peak: 50,
    call: undefined,
    rewrite: undefined,
    ...part,
  };
}

export function nPlusOne(part: Partial<NPlusOneStats> = {}): NPlusOneStats {
  return {
    route: 'GET /api/orders',
    owner: 'Product.findUnique',
    site: undefined,
    after: undefined,
    statement: 'SELECT * FROM products WHERE id = $1',
    inCheckout: false,
    requests: 4,
    most: 50,
    calls: 200,
    millis: 800,
    call: undefined,
    rewrite: undefined,
    ...part,
  };
}

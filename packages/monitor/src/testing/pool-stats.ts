import type {
  FanOutStats,
  Holder,
  NPlusOneStats,
  OwnerStats,
  PoolStats,
  StatementStats,
} from '@lifeguard/pool';

/** What a test says of a pool; the rest is a pool of five that has nothing to do. */
export type MadeUp = Partial<Omit<PoolStats, 'connections' | 'counts' | 'wait'>> & {
  readonly connections?: Partial<PoolStats['connections']>;
  readonly counts?: Partial<PoolStats['counts']>;
  readonly wait?: Partial<PoolStats['wait']>;
};

const NO_TIMES = {
  count: 0,
  meanMillis: 0,
  p50Millis: 0,
  p90Millis: 0,
  p99Millis: 0,
  maxMillis: 0,
};

export function madeUpStats({ connections, counts, wait, ...rest }: MadeUp = {}): PoolStats {
  return {
    connections: {
      max: 5,
      total: 5,
      idle: 5,
      checkedOut: 0,
      shared: 0,
      connecting: 0,
      peak: 5,
      ...connections,
    },
    pending: 0,
    inFlight: 0,
    counts: {
      statements: 0,
      checkouts: 0,
      waited: 0,
      timeouts: 0,
      shed: 0,
      connects: 5,
      connectFailures: 0,
      abandonedTransactions: 0,
      leaks: 0,
      restarts: 0,
      resets: 0,
      ...counts,
    },
    errors: {},
    statementsPerSecond: 0,
    wait: { ...NO_TIMES, ...wait },
    use: NO_TIMES,
    create: NO_TIMES,
    service: NO_TIMES,
    holders: [],
    waiting: [],
    owners: [],
    statements: [],
    fanOuts: [],
    nPlusOnes: [],
    nested: [],
    lastConnectError: undefined,
    ...rest,
  };
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

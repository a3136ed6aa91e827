import type { HistogramSummary, PoolStats } from '@lifeguard/pool';
import type { PoolTotals } from '../monitor/totals.ts';
import type { Attributes, Instrument } from './metric.ts';

type Numbers = readonly (readonly [value: number, attributes?: Attributes])[];

export interface NumberInstrument extends Instrument {
  readonly type: 'gauge' | 'upDown' | 'counter';
  /** Of one pool; those that are not known are not told. */
  readonly read: (pool: PoolTotals) => Numbers;
}

export interface HistogramInstrument extends Instrument {
  readonly type: 'histogram';
  readonly attributes?: Attributes;
  readonly read: (stats: PoolStats) => HistogramSummary;
}

const CONNECTION = 'db.client.connection';
const STATE = `${CONNECTION}.state`;
/** Every figure has it: which pool. */
export const POOL_NAME = `${CONNECTION}.pool.name`;

/** Under the semantic conventions' names (1.44) where they have one, else under `lifeguard.`. */
export const NUMBERS: readonly NumberInstrument[] = [
  {
    name: `${CONNECTION}.count`,
    type: 'upDown',
    unit: '{connection}',
    description:
      'The number of connections that are currently in the state described by the state attribute',
    read: ({ stats: { connections } }) => [
      [connections.idle, { [STATE]: 'idle' }],
      [connections.checkedOut + connections.shared, { [STATE]: 'used' }],
    ],
  },
  {
    name: `${CONNECTION}.idle.max`,
    type: 'upDown',
    unit: '{connection}',
    description: 'The maximum number of idle open connections allowed',
    read: ({ stats }) => [[stats.connections.max]],
  },
  {
    name: `${CONNECTION}.idle.min`,
    type: 'upDown',
    unit: '{connection}',
    description: 'The minimum number of idle open connections allowed',
    read: ({ minIdle }) => [[minIdle]],
  },
  {
    name: `${CONNECTION}.max`,
    type: 'upDown',
    unit: '{connection}',
    description: 'The maximum number of open connections allowed',
    read: ({ stats }) => [[stats.connections.max]],
  },
  {
    name: `${CONNECTION}.pending_requests`,
    type: 'upDown',
    unit: '{request}',
    description: 'The number of current pending requests for an open connection',
    read: ({ stats }) => [[stats.pending]],
  },
  {
    name: `${CONNECTION}.timeouts`,
    type: 'counter',
    unit: '{timeout}',
    description:
      'The number of connection timeouts that have occurred trying to obtain a connection from the pool',
    read: ({ stats }) => [[stats.counts.timeouts]],
  },
  counter('waited', '{request}', 'Requests that had to wait for a connection', 'waited'),
  counter('shed', '{request}', 'Requests that were refused at once under overload', 'shed'),
  counter('statements', '{statement}', 'Statements that were answered', 'statements'),
  counter('checkouts', '{checkout}', 'Connections lent to one caller alone', 'checkouts'),
  counter('connects', '{connection}', 'Connections that were opened', 'connects'),
  counter(
    'connect_failures',
    '{attempt}',
    'Attempts to open a connection that failed',
    'connectFailures',
  ),
  counter('leaks', '{checkout}', 'Checkouts held for longer than leakThresholdMillis', 'leaks'),
  counter(
    'abandoned_transactions',
    '{transaction}',
    'Transactions left open at release, and rolled back by the pool',
    'abandonedTransactions',
  ),
  counter(
    'restarts',
    '{statement}',
    'Statements that began again on another connection',
    'restarts',
  ),
  counter('resets', '{reset}', 'Times that all connections were replaced', 'resets'),
  {
    name: 'lifeguard.pool.errors',
    type: 'counter',
    unit: '{error}',
    description: 'Statements that failed, by SQLSTATE or code',
    read: ({ stats }) =>
      Object.entries(stats.errors).map(([code, count]) => [count, { 'error.type': code }]),
  },
  {
    name: 'lifeguard.pool.full',
    type: 'gauge',
    unit: 's',
    description: 'For how long every connection has been used while callers waited',
    read: ({ fullMillis }) => [[fullMillis / 1_000]],
  },
  {
    name: 'lifeguard.incidents.active',
    type: 'upDown',
    unit: '{incident}',
    description: 'Incidents that last, by kind',
    read: ({ incidents }) => byKind(incidents.active),
  },
  {
    name: 'lifeguard.incidents',
    type: 'counter',
    unit: '{incident}',
    description: 'Incidents that have begun, or come back, by kind',
    read: ({ incidents }) => byKind(incidents.begun),
  },
  {
    name: 'lifeguard.health',
    type: 'gauge',
    unit: '1',
    description: 'Health of the pool and its database: 1 pass, 0.5 warn, 0 fail',
    read: ({ health }) => [[{ pass: 1, warn: 0.5, fail: 0 }[health]]],
  },
  {
    name: 'lifeguard.breaker.open',
    type: 'gauge',
    unit: '1',
    description:
      'Whether the circuit breaker refuses callers: 1 open, 0.5 half-open or returning, 0 closed',
    read: ({ breaker }) =>
      breaker ? [[breaker.state === 'closed' ? 0 : breaker.state === 'open' ? 1 : 0.5]] : [],
  },
  {
    name: 'lifeguard.breaker.refused',
    type: 'counter',
    unit: '{call}',
    description: 'Calls that the circuit breaker refused',
    read: ({ breaker }) => (breaker?.refused === undefined ? [] : [[breaker.refused]]),
  },
  {
    name: 'lifeguard.replica.lag',
    type: 'gauge',
    unit: 's',
    description: 'How far a replica is behind the primary',
    read: ({ replicas }) =>
      replicas.flatMap(({ name, lagMillis }) =>
        lagMillis === undefined ? [] : [[lagMillis / 1_000, { 'lifeguard.replica.name': name }]],
      ),
  },
];

export const HISTOGRAMS: readonly HistogramInstrument[] = [
  {
    name: `${CONNECTION}.create_time`,
    type: 'histogram',
    unit: 's',
    description: 'The time it took to create a new connection',
    read: ({ create }) => create,
  },
  {
    name: `${CONNECTION}.wait_time`,
    type: 'histogram',
    unit: 's',
    description: 'The time it took to obtain an open connection from the pool',
    read: ({ wait }) => wait,
  },
  {
    name: `${CONNECTION}.use_time`,
    type: 'histogram',
    unit: 's',
    description: 'The time between borrowing a connection and returning it to the pool',
    read: ({ use }) => use,
  },
  {
    name: 'db.client.operation.duration',
    type: 'histogram',
    unit: 's',
    description: 'Duration of database client operations',
    attributes: { 'db.system.name': 'postgresql' },
    read: ({ service }) => service,
  },
];

function counter(
  name: string,
  unit: string,
  description: string,
  key: keyof PoolStats['counts'],
): NumberInstrument {
  return {
    name: `lifeguard.pool.${name}`,
    type: 'counter',
    unit,
    description,
    read: ({ stats }) => [[stats.counts[key]]],
  };
}

function byKind(counts: PoolTotals['incidents']['active']): Numbers {
  return Object.entries(counts).map(([kind, count]) => [
    count,
    { 'lifeguard.incident.kind': kind },
  ]);
}

import { choice, count, type DurationRule, duration, flag, type Reader, text } from './numbers.ts';
import type { OptionName, PoolOptions } from './types.ts';

/** One name under which a value may be given, and how it is read there. */
export interface Spelling<T> {
  name: string;
  unit?: 'ms' | 's';
  /** What `null` stands for here; elsewhere it is "not given". */
  nullIs?: T;
  /** A good value, where it is not the option's own. */
  example?: string;
  read: Reader<T>;
}

/** One Lifeguard option: everything that the other files know about it is derived from this. */
export interface OptionRow<T> {
  default: T;
  /** Ends the message about a bad value: what to give instead. */
  remedy: string;
  /** A good value in the option's own unit, for that message. */
  example: T;
  /** First name first: where two disagree, the earlier one counts. */
  code: Spelling<T>[];
  environment: Spelling<T>[];
  url: Spelling<T>[];
  /** Environment names of node-postgres itself, which count only after the URL. */
  fallback?: Spelling<T>[];
}

export type OptionTable = { [Name in OptionName]: OptionRow<PoolOptions[Name]> };

// An hour for one wait is taken for milliseconds, five minutes may be meant.
const WAIT_SECONDS = { unit: 's', doubtfulAbove: 300, wrongAbove: 3600 } as const;
const LIFETIME_SECONDS = { unit: 's', doubtfulAbove: 7 * 86_400 } as const;
const ENVIRONMENT_MILLIS = { unit: 'ms', doubtfulBelow: 100 } as const;
const WAITS_FOR_EVER = 'waits for a connection without limit; give the longest acceptable wait';
const CONNECTS_FOR_EVER = 'lets a mute server hold a connection for ever; give a limit';
// PostgreSQL's own upper bound of max_connections.
const SERVER_MAX_CONNECTIONS = 262_143;

const time = (name: string, rule: DurationRule): Spelling<number> => ({
  name,
  unit: rule.unit,
  read: duration(rule),
});
const whole = (name: string, rule: Parameters<typeof count>[0]): Spelling<number> => ({
  name,
  read: count(rule),
});
const yesOrNo = (name: string): Spelling<boolean> => ({ name, read: flag });
const words = (name: string): Spelling<string | undefined> => ({ name, read: text });

const connections = { atLeast: 1, atMost: SERVER_MAX_CONNECTIONS };
const idleConnections = { atLeast: 0, atMost: SERVER_MAX_CONNECTIONS };

/** pg takes `false` for a time-out that is off. */
const falseIsOff = (spelling: Spelling<number>): Spelling<number> => ({
  ...spelling,
  read: (raw, name) => (raw === false ? { value: 0 } : spelling.read(raw, name)),
});

const inCode = { environment: [], url: [] };

function flagRow(name: string, value: boolean): OptionRow<boolean> {
  return {
    default: value,
    remedy: 'give true or false',
    example: value,
    code: [yesOrNo(name)],
    ...inCode,
  };
}

export const optionTable: OptionTable = {
  max: {
    default: 10,
    remedy: 'give the most connections this process may open',
    example: 10,
    code: [
      whole('max', { ...connections, zero: 'not given' }),
      whole('poolSize', { ...connections, zero: 'not given' }),
    ],
    environment: [
      whole('DB_CONNECTION_LIMIT', connections),
      whole('DATABASE_POOL_MAX', connections),
    ],
    url: [whole('connection_limit', connections)],
  },
  min: {
    default: 0,
    remedy: 'give the connections to keep open when idle',
    example: 1,
    code: [whole('min', idleConnections)],
    environment: [whole('DATABASE_POOL_MIN', idleConnections)],
    url: [],
  },
  connectionTimeoutMillis: {
    default: 10_000,
    remedy: 'give the longest wait for a connection',
    example: 10_000,
    // The caller's wait. pg bounds the connecting by it too; here connectTimeoutMillis does, and
    // stays as it is when this one is shorter: the caller's wait ends in time all the same, and a
    // connection that comes late still serves the next caller.
    code: [time('connectionTimeoutMillis', { unit: 'ms' })],
    environment: [
      time('DB_POOL_TIMEOUT', { ...WAIT_SECONDS, zero: WAITS_FOR_EVER }),
      time('DATABASE_ACQUIRE_TIMEOUT', { ...ENVIRONMENT_MILLIS, zero: WAITS_FOR_EVER }),
    ],
    url: [time('pool_timeout', { ...WAIT_SECONDS, zero: WAITS_FOR_EVER })],
  },
  connectTimeoutMillis: {
    default: 5_000,
    remedy: 'give the longest time that connecting may take',
    example: 5_000,
    code: [time('connectTimeoutMillis', { unit: 'ms' })],
    environment: [
      time('DATABASE_CONNECTION_TIMEOUT', { ...ENVIRONMENT_MILLIS, zero: CONNECTS_FOR_EVER }),
    ],
    url: [time('connect_timeout', { ...WAIT_SECONDS, zero: CONNECTS_FOR_EVER })],
  },
  connectConcurrency: {
    default: 1,
    remedy: 'give the most logins at the same time',
    example: 1,
    code: [whole('connectConcurrency', { atLeast: 1 })],
    ...inCode,
  },
  idleTimeoutMillis: {
    default: 10_000,
    remedy: 'give the idle time after which a connection is closed',
    example: 10_000,
    code: [
      // pg-pool never closes an idle connection when given null.
      { ...time('idleTimeoutMillis', { unit: 'ms' }), nullIs: 0 },
    ],
    environment: [],
    url: [time('max_idle_connection_lifetime', LIFETIME_SECONDS)],
  },
  maxLifetimeSeconds: {
    default: 0,
    remedy: 'give the age after which a connection is replaced',
    example: 1_800,
    code: [time('maxLifetimeSeconds', { unit: 's', result: 's' })],
    environment: [],
    url: [time('max_connection_lifetime', { ...LIFETIME_SECONDS, result: 's' })],
  },
  maxUses: {
    default: Number.POSITIVE_INFINITY,
    remedy: 'give the checkouts after which a connection is replaced',
    example: 7_500,
    code: [whole('maxUses', { atLeast: 1, zero: 'infinity', infinity: true })],
    ...inCode,
  },
  maxWaiting: {
    default: Number.POSITIVE_INFINITY,
    remedy: 'give the most requests that may wait',
    example: 1_000,
    code: [whole('maxWaiting', { atLeast: 0, infinity: true })],
    ...inCode,
  },
  statementTimeoutMillis: {
    default: 0,
    remedy: 'give the longest time that one statement may run',
    example: 30_000,
    code: [
      falseIsOff(time('statementTimeoutMillis', { unit: 'ms' })),
      falseIsOff(time('statement_timeout', { unit: 'ms' })),
    ],
    environment: [],
    url: [time('statement_timeout', { unit: 'ms' }), time('socket_timeout', WAIT_SECONDS)],
  },
  prepare: {
    ...flagRow('prepare', true),
    url: [
      {
        name: 'statement_cache_size',
        // A size says nothing about whether to prepare, but 0 does: it was Prisma's way to say no.
        read: (raw) => (raw !== '' && Number(raw) === 0 ? { value: false } : {}),
      },
      yesOrNo('prepared_statements'),
    ],
  },
  prepareCacheSize: {
    default: 100,
    remedy: 'give the most prepared statements to keep per connection',
    example: 100,
    code: [whole('prepareCacheSize', { atLeast: 0 })],
    environment: [],
    url: [whole('statement_cache_size', { atLeast: 0 })],
  },
  multiplex: flagRow('multiplex', true),
  multiplexDepth: {
    default: 100,
    remedy: 'give the most statements in flight on one connection',
    example: 100,
    code: [whole('multiplexDepth', { atLeast: 1 })],
    ...inCode,
  },
  pipelineTransactions: flagRow('pipelineTransactions', true),
  reserveShared: flagRow('reserveShared', true),
  leakThresholdMillis: {
    default: 0,
    remedy: 'give the time after which a held connection is reported',
    example: 10_000,
    code: [time('leakThresholdMillis', { unit: 'ms' })],
    ...inCode,
  },
  slowThresholdMillis: {
    default: 1_000,
    remedy: 'give the time from which on a statement is told as slow, or 0 for none',
    example: 1_000,
    code: [time('slowThresholdMillis', { unit: 'ms' })],
    ...inCode,
  },
  reclaimLeaks: flagRow('reclaimLeaks', false),
  findRepeats: flagRow('findRepeats', true),
  allowExitOnIdle: flagRow('allowExitOnIdle', false),
  applicationName: {
    default: undefined,
    remedy: 'give the name to show in pg_stat_activity',
    example: 'orders',
    code: [words('applicationName'), words('application_name')],
    environment: [],
    url: [words('application_name')],
    fallback: [words('PGAPPNAME')],
  },
  pooler: {
    default: 'none',
    remedy: 'say whether PgBouncer stands before the server',
    example: 'pgbouncer',
    code: [{ name: 'pooler', read: choice('none', 'pgbouncer') }],
    environment: [],
    url: [
      {
        name: 'pgbouncer',
        example: 'true',
        read: (raw, name) => ({ value: flag(raw, name).value ? 'pgbouncer' : 'none' }),
      },
    ],
  },
  keepAlive: flagRow('keepAlive', true),
  keepAliveInitialDelayMillis: {
    default: 10_000,
    remedy: 'give the idle time before the first keep-alive probe',
    example: 10_000,
    code: [time('keepAliveInitialDelayMillis', { unit: 'ms' })],
    ...inCode,
  },
};

function pgTimeout(name: string): OptionRow<number> {
  return {
    default: 0,
    remedy: 'give milliseconds without a unit',
    example: 30_000,
    code: [falseIsOff(time(name, { unit: 'ms' }))],
    environment: [],
    url: [time(name, { unit: 'ms' })],
  };
}

/** Time-outs that node-postgres itself applies, checked because it reads `5s` as 5 ms. */
export const pgTimeouts: Record<string, OptionRow<number>> = Object.fromEntries(
  ['lock_timeout', 'idle_in_transaction_session_timeout', 'query_timeout'].map((name) => [
    name,
    pgTimeout(name),
  ]),
);

export const optionNames = Object.keys(optionTable) as OptionName[];

import { duration, millis, plural, share } from '../../terminal/words.ts';
import type { PoolerFinding, Severity } from '../finding.ts';
import type { PooledDatabase, PoolerStatus, StatusPool, Traffic } from './facts.ts';

/** A wait that users notice; and the usual bound of a pool's wait. */
const WAIT_SECONDS = { warning: 1, critical: 10 } as const;
/** Of all places for clients: the next deploy takes the rest. */
const CLIENT_SHARE = 0.8;
/** Transactions that are shorter keep nobody waiting. */
const TRANSACTION_MILLIS = 50;
/** Of a transaction, the time without a query from which on it is told. */
const IDLE_SHARE = 0.5;
/** Clients that waited at any time, on average. */
const MEAN_WAITING = 0.1;
/** So many logins a second, and so many for each transaction, are told. */
const LOGINS = 10;
const LOGIN_SHARE = 0.1;
/** Likewise statements that have to be prepared on a server before they are used there. */
const PREPARED = 10;
const PREPARED_SHARE = 0.25;
/** PgBouncer's default; nobody waits so long for a page. */
const LONGEST_WAIT_SECONDS = 60;

const ORDER: readonly Severity[] = ['critical', 'warning', 'info'];

/** What the numbers mean, worst first. Pure. */
export function judge(status: PoolerStatus): PoolerFinding[] {
  return [
    ...closed(status),
    ...status.pools.flatMap((pool) => queue(pool, status)),
    ...crowd(status),
    ...status.databases.flatMap(crowdOf),
    ...status.traffic.flatMap((one) => [
      ...idle(one),
      ...waits(one, status),
      ...logins(one),
      ...forgotten(one, status),
    ]),
    ...session(status),
    ...resets(status),
    ...patience(status),
  ].sort((a, b) => ORDER.indexOf(a.severity) - ORDER.indexOf(b.severity));
}

function closed({ databases }: PoolerStatus): PoolerFinding[] {
  return databases
    .filter(({ paused, disabled }) => paused || disabled)
    .map(({ name, paused }) => ({
      id: 'closed',
      severity: 'critical',
      title: `${name} is ${paused ? 'paused' : 'disabled'}`,
      evidence: [],
      means: paused
        ? 'Somebody gave PAUSE: its clients wait until RESUME, or until they give up.'
        : 'Somebody gave DISABLE: new clients are refused.',
      remedy: `On the console, as an admin: ${paused ? 'RESUME' : 'ENABLE'} ${name};`,
    }));
}

function queue(pool: StatusPool, { settings }: PoolerStatus): PoolerFinding[] {
  const { database, user, clientsWaiting, longestWait, serversUsed, serversIdle, size } = pool;
  if (clientsWaiting === 0 || longestWait < WAIT_SECONDS.warning) return [];
  const isFull = serversUsed + serversIdle >= size;
  const base = {
    severity: (longestWait >= WAIT_SECONDS.critical ? 'critical' : 'warning') as Severity,
    title: `${plural(clientsWaiting, 'client')} of ${database}/${user} ${clientsWaiting === 1 ? 'waits' : 'wait'}, the longest for ${duration(longestWait)}`,
    evidence: [
      `${serversUsed} of ${plural(size, 'server connection')} at work, ${serversIdle} idle, ${pool.serversLoggingIn} logging in`,
      `at query_wait_timeout, ${settings.queryWaitSeconds} s, they are refused`,
    ],
  };
  if (isFull) {
    return [
      {
        ...base,
        id: 'queue',
        means:
          'All connections to the server are in use: by slow statements, or by transactions that wait for something else.',
        remedy: `See which (lifeguard doctor, on the server itself). Only if the server has room and idle cores: default_pool_size = ${size * 2}`,
      },
    ];
  }
  return [
    {
      ...base,
      id: 'no-server',
      severity: 'critical',
      means:
        'There is room in the pool, and no connection comes about: the server does not let PgBouncer in.',
      remedy:
        'See PgBouncer’s log: a wrong secret, max_connections of the server reached, or no way there.',
    },
  ];
}

function crowd({ clients, settings: { maxClients } }: PoolerStatus): PoolerFinding[] {
  if (maxClients === 0 || clients < maxClients * CLIENT_SHARE) return [];
  return [
    {
      id: 'clients',
      severity: clients >= maxClients ? 'critical' : 'warning',
      title: `${clients} of ${maxClients} clients are connected`,
      evidence: [`max_client_conn ${maxClients}`],
      means: 'The next ones are refused with “no more connections allowed”.',
      remedy: `Clients cost it a few kilobytes each: max_client_conn = ${maxClients * 2}, and as many open files (ulimit -n).`,
    },
  ];
}

function crowdOf({ name, clients, maxClients }: PooledDatabase): PoolerFinding[] {
  if (maxClients === 0 || clients < maxClients * CLIENT_SHARE) return [];
  return [
    {
      id: 'database-clients',
      severity: clients >= maxClients ? 'critical' : 'warning',
      title: `${clients} of ${maxClients} clients of ${name} are connected`,
      evidence: [`max_db_client_connections ${maxClients}`],
      means: 'The next ones are refused with “client connections exceeded”.',
      remedy: `Clients cost it a few kilobytes each: max_db_client_connections = ${maxClients * 2}, within max_client_conn.`,
    },
  ];
}

function logins({ database, loginsPerSecond, transactionsPerSecond }: Traffic): PoolerFinding[] {
  if (loginsPerSecond === null || loginsPerSecond < LOGINS) return [];
  if (loginsPerSecond < transactionsPerSecond * LOGIN_SHARE) return [];
  return [
    {
      id: 'logins',
      severity: 'warning',
      title: `Clients of ${database} log in ${loginsPerSecond} times a second`,
      evidence: [`for ${plural(transactionsPerSecond, 'transaction')} a second`],
      means:
        'Their connections are not kept: each login costs round trips, and PgBouncer and client the time of the password’s proof.',
      remedy:
        'One pool for each process, made once; in serverless functions outside of the handler. A short idleTimeoutMillis does it as well.',
    },
  ];
}

function forgotten({ database, prepared }: Traffic, { settings }: PoolerStatus): PoolerFinding[] {
  const kept = settings.maxPreparedStatements;
  if (!prepared || !kept || prepared.madePerSecond < PREPARED) return [];
  const { usesPerSecond, madePerSecond } = prepared;
  if (madePerSecond < usesPerSecond * PREPARED_SHARE) return [];
  return [
    {
      id: 'prepared-statements',
      severity: 'info',
      title: `Of ${usesPerSecond} prepared statements of ${database} a second ${madePerSecond} are prepared first`,
      evidence: [`max_prepared_statements ${kept}, on each server connection`],
      means:
        'Clients use more different texts than a server connection keeps, or others all the time: preparing costs more than it saves.',
      remedy: `max_prepared_statements = ${kept * 2}; or fewer texts: values as parameters, lists as one array (= ANY($1)).`,
    },
  ];
}

function idle({ database, transactionMillis, queryMillis, ...counts }: Traffic): PoolerFinding[] {
  const { queriesPerSecond, transactionsPerSecond } = counts;
  if (transactionsPerSecond === 0 || transactionMillis < TRANSACTION_MILLIS) return [];
  const work = (queryMillis * queriesPerSecond) / transactionsPerSecond;
  const idleMillis = Math.max(0, transactionMillis - work);
  if (idleMillis < transactionMillis * IDLE_SHARE) return [];
  return [
    {
      id: 'idle-transactions',
      severity: 'warning',
      title: `Transactions of ${database} take ${millis(transactionMillis)}, ${share(idleMillis, transactionMillis)} of it without a query`,
      evidence: [
        `${millis(queryMillis)} a query, ${(queriesPerSecond / transactionsPerSecond).toFixed(1)} queries a transaction`,
      ],
      means:
        'A transaction keeps its server connection to its end: the application does something else inside, such as a call to another service.',
      remedy:
        'Find where (lifeguard run names the place), and do the call before or after the transaction.',
    },
  ];
}

function waits({ database, waiting }: Traffic, { settings }: PoolerStatus): PoolerFinding[] {
  if (waiting < MEAN_WAITING) return [];
  return [
    {
      id: 'waits',
      severity: waiting >= 1 ? 'warning' : 'info',
      title: `${waiting.toFixed(1)} clients of ${database} waited for a connection at any time`,
      evidence: [`over the last period; default_pool_size ${settings.poolSize}`],
      means: 'The pool is smaller than what its clients want at once, or something holds it.',
      remedy:
        'Short waits are what a pooler is for. If answers are late by them, look at what holds the connections first, then at default_pool_size.',
    },
  ];
}

function session({ settings }: PoolerStatus): PoolerFinding[] {
  if (settings.mode === 'transaction') return [];
  const isSession = settings.mode === 'session';
  return [
    {
      id: 'mode',
      severity: 'warning',
      title: `It is in ${settings.mode} mode`,
      evidence: [`pool_mode ${settings.mode}`],
      means: isSession
        ? 'Every client keeps a server connection for as long as it is connected: nothing is shared.'
        : 'Transactions of several statements are refused.',
      remedy:
        'pool_mode = transaction. LISTEN, session advisory locks and SET need a direct connection.',
    },
  ];
}

function resets({ config, settings }: PoolerStatus): PoolerFinding[] {
  if (settings.mode !== 'transaction' || config.get('server_reset_query_always') !== '1') return [];
  const query = config.get('server_reset_query') ?? '';
  return [
    {
      id: 'reset-query',
      severity: 'warning',
      title: 'It resets the session after every transaction',
      evidence: [`server_reset_query_always 1, server_reset_query ${query}`],
      means:
        'One more round trip to the server for each transaction, and what is prepared is forgotten.',
      remedy: 'server_reset_query_always = 0',
    },
  ];
}

function patience({ settings: { queryWaitSeconds } }: PoolerStatus): PoolerFinding[] {
  if (queryWaitSeconds > 0 && queryWaitSeconds <= LONGEST_WAIT_SECONDS) return [];
  return [
    {
      id: 'patience',
      severity: 'info',
      title: `Clients wait ${queryWaitSeconds === 0 ? 'without end' : `up to ${queryWaitSeconds} s`} for a connection`,
      evidence: [`query_wait_timeout ${queryWaitSeconds}`],
      means: 'Nobody is told of trouble until long after users have gone.',
      remedy: 'query_wait_timeout = 15',
    },
  ];
}

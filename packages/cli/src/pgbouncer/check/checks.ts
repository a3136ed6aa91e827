import { SAFE_SHARE } from '../../plan/plan.ts';
import { plural } from '../../terminal/words.ts';
import type { PoolerStatus } from '../status/facts.ts';
import { type Check, fail, pass, unseen, warn } from './check.ts';

/** What was seen of a PgBouncer from where its clients stand. */
export interface CheckFacts {
  readonly user: string;
  readonly host: string;
  /** Somebody else than the server answers at that address. */
  readonly isPooled: boolean;
  /** What was refused at login, so that we went on without. */
  readonly refusedParameter: string | undefined;
  /** Named prepared statements work from one transaction to the next; undefined: not seen. */
  readonly knowsPrepared: boolean | undefined;
  readonly isEncrypted: boolean;
  /** Undefined: its console let us not in. */
  readonly status: PoolerStatus | undefined;
  /** What the server offers to applications, and how much of it others than the pooler hold. */
  readonly server: { readonly usable: number; readonly others: number } | undefined;
  /** The application's: connections of an instance, and how long a caller waits for one. */
  readonly pool: {
    readonly limit: number;
    readonly waitSeconds: number;
    readonly prepares: boolean;
  };
  /** All instances during a deploy; undefined: nobody said how many. */
  readonly clients: number | undefined;
  /** The address for migrations: not given, or what stands there. */
  readonly direct: 'missing' | 'direct' | 'pooled' | { readonly failed: string };
}

const PLAIN_AUTH = ['trust', 'any', 'plain'];
const REASONABLE_WAIT_SECONDS = 60;

/** In the order in which trouble would come. Pure. */
export function checksOf(facts: CheckFacts): Check[] {
  if (!facts.isPooled && !facts.status) {
    return [
      fail(
        'pooler',
        'No pooler stands at this address: the server itself answers',
        'Give the address of PgBouncer, port 6432 as a rule.',
      ),
    ];
  }
  return [
    login(facts),
    startup(facts),
    mode(facts),
    prepared(facts),
    ...ofSettings(facts),
    tls(facts),
    direct(facts),
  ];
}

function login({ user, status }: CheckFacts): Check {
  return pass('login', `${user} gets through${status ? ` ${status.version}` : ''} to the server`);
}

function startup({ refusedParameter: name, status }: CheckFacts): Check {
  if (name !== undefined) {
    return fail(
      'startup-parameters',
      `It refuses logins that send ${name}, as this address does`,
      `Take ${name} out of the address and set it for the role (ALTER ROLE … SET …); or ignore_startup_parameters = ${name}, where it may have no effect.`,
    );
  }
  const ignored = status?.config.get('ignore_startup_parameters') ?? '';
  return pass(
    'startup-parameters',
    `It takes what this address sends at login${ignored === '' ? '' : ` (it ignores ${ignored})`}`,
  );
}

function mode({ status }: CheckFacts): Check {
  if (!status) return unseen('mode', 'The pool mode');
  if (status.settings.mode === 'transaction') return pass('mode', 'Transaction mode');
  return fail(
    'mode',
    `It is in ${status.settings.mode} mode, which shares ${status.settings.mode === 'session' ? 'nothing' : 'no transactions'}`,
    'pool_mode = transaction',
  );
}

function prepared({ knowsPrepared, pool, status }: CheckFacts): Check {
  const id = 'prepared-statements';
  if (status?.settings.mode === 'session')
    return pass(id, 'Prepared statements stay: session mode');
  if (knowsPrepared === undefined) return unseen(id, 'Whether prepared statements work');
  if (knowsPrepared) {
    return pass(
      id,
      `Prepared statements work from one transaction to the next${pool.prepares ? '' : ': prepared_statements=true in the address lets the pool make them'}`,
    );
  }
  if (!pool.prepares)
    return pass(id, 'Prepared statements do not work, and the address says so (pgbouncer=true)');
  const isOld = status !== undefined && status.settings.maxPreparedStatements === null;
  return fail(
    id,
    'A statement that was prepared is unknown in the next transaction',
    `Say pgbouncer=true in the address${isOld ? ', or use PgBouncer 1.21 or later with' : '; or'} max_prepared_statements = 200.`,
  );
}

function ofSettings(facts: CheckFacts): Check[] {
  const { status } = facts;
  if (!status) {
    return [unseen('sizes', 'Sizes, limits and logins: its console')].map((check) => ({
      ...check,
      remedy: `in pgbouncer.ini: stats_users = ${facts.user}`,
    }));
  }
  return [
    sizes(status, facts),
    clients(status, facts),
    patience(status, facts),
    logins(status),
    reset(status),
  ];
}

function sizes({ settings, pools, databases }: PoolerStatus, { server }: CheckFacts): Check {
  const count = Math.max(1, pools.length);
  const each = settings.poolSize + settings.reservePoolSize;
  const bound = settings.maxDatabaseConnections * Math.max(1, databases.length);
  const mayOpen = bound > 0 ? Math.min(each * count, bound) : each * count;
  if (!server) return unseen('sizes', 'What the server offers');
  const room = Math.max(0, Math.floor(server.usable * SAFE_SHARE) - server.others);
  const words = `It may open ${plural(mayOpen, 'server connection')}; there is room for ${room} (80 % of ${server.usable}, less ${server.others} of others)`;
  if (mayOpen <= room) return pass('sizes', words);
  const remedy = `max_db_connections = ${Math.max(1, room)}, and a default_pool_size under it`;
  return mayOpen > server.usable - server.others
    ? fail('sizes', words, remedy)
    : warn('sizes', words, remedy);
}

function clients({ settings: { maxClients } }: PoolerStatus, facts: CheckFacts): Check {
  const { clients: planned, pool } = facts;
  if (planned === undefined) {
    return pass(
      'clients',
      `It takes ${maxClients} clients; connection_limit is ${pool.limit} (say --instances to compare)`,
    );
  }
  const words = `It takes ${maxClients} clients; the plan has ${planned} during a deploy`;
  return planned <= maxClients
    ? pass('clients', words)
    : fail(
        'clients',
        words,
        `max_client_conn = ${planned * 2}, and as many open files (ulimit -n)`,
      );
}

function patience({ settings: { queryWaitSeconds } }: PoolerStatus, { pool }: CheckFacts): Check {
  const words = `Clients wait up to ${queryWaitSeconds} s in it, callers up to ${pool.waitSeconds} s in the application`;
  if (queryWaitSeconds === 0 || queryWaitSeconds > REASONABLE_WAIT_SECONDS) {
    return warn(
      'wait-bound',
      queryWaitSeconds === 0 ? 'Clients wait in it without end' : words,
      'query_wait_timeout = 15',
    );
  }
  return pass('wait-bound', words);
}

function logins({ config }: PoolerStatus): Check {
  const type = config.get('auth_type') ?? 'unknown';
  if (PLAIN_AUTH.includes(type)) {
    return fail(
      'auth',
      `auth_type ${type}: ${type === 'plain' ? 'passwords cross the network as they are' : 'it lets in whoever asks'}`,
      'auth_type = scram-sha-256 (lifeguard pgbouncer writes the userlist for it)',
    );
  }
  return type === 'md5'
    ? warn('auth', 'auth_type md5, which is out of date', 'auth_type = scram-sha-256')
    : pass('auth', `Logins by ${type}`);
}

function reset({ config, settings }: PoolerStatus): Check {
  const always = config.get('server_reset_query_always') === '1';
  if (settings.mode !== 'transaction' || !always) {
    return pass(
      'reset-query',
      'No reset after each transaction (server_reset_query is for session mode)',
    );
  }
  return warn(
    'reset-query',
    'It resets the session after every transaction: a round trip more for each',
    'server_reset_query_always = 0',
  );
}

function tls({ isEncrypted, host }: CheckFacts): Check {
  if (isEncrypted) return pass('tls', 'The way to it is encrypted');
  const isLocal = host.startsWith('/') || ['localhost', '127.0.0.1', '::1'].includes(host);
  if (isLocal) return pass('tls', 'Not encrypted, and on this machine');
  return warn(
    'tls',
    `The way to ${host} is not encrypted`,
    'client_tls_sslmode = require with a key and a certificate; sslmode=require in the address',
  );
}

function direct({ direct: there }: CheckFacts): Check {
  if (there === 'direct') return pass('direct-url', 'Migrations have an address past it');
  if (there === 'missing') {
    return warn(
      'direct-url',
      'No address past it is given: migrations need a session of their own',
      'DIRECT_URL=… (the server’s own address), or --direct',
    );
  }
  if (there === 'pooled') {
    return fail(
      'direct-url',
      'The address for migrations leads through a pooler as well',
      'DIRECT_URL must be the server’s own address, port 5432 as a rule.',
    );
  }
  return fail(
    'direct-url',
    `The address for migrations does not work: ${there.failed}`,
    'Mend DIRECT_URL.',
  );
}

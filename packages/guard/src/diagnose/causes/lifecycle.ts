import { either, type Family, whole } from '../rule.ts';

/** Clients and pools that are made too often, or used when they are no longer usable. */
export const lifecycle: Family<'client-leak' | 'lifecycle-misuse'> = {
  explanations: {
    'client-leak': {
      title: 'The process has made too many clients',
      meaning:
        'Several clients live in one process. Each brings its own pool, so the connections add up until the server is full.',
      causes: [
        'A client is created in each request, module reload or test instead of once.',
        'Hot reload in development runs the module again and again.',
        'Many Prisma clients share one pool and each adds its listeners.',
      ],
      remedies: [
        {
          title: 'Keep one client per process, across hot reloads too',
          language: 'ts',
          code: `const holder = globalThis as { prisma?: PrismaClient };
export const prisma = (holder.prisma ??= new PrismaClient({ adapter }));`,
        },
        {
          title: 'Count the connections of each application',
          language: 'sql',
          code: `SELECT application_name, client_addr, count(*) FROM pg_stat_activity
WHERE backend_type = 'client backend' GROUP BY 1, 2 ORDER BY 3 DESC;`,
        },
      ],
      outcome: 'unknown',
      transient: false,
      docs: 'https://www.prisma.io/docs/orm/prisma-client/setup-and-configuration/databases-connections#prevent-hot-reloading-from-creating-new-instances-of-prismaclient',
    },
    'lifecycle-misuse': {
      title: 'The pool, client or transaction was used after its end',
      meaning:
        'The code used a pool that had been ended, a connection it had given back, or a transaction that was over. The statement was refused before it was sent.',
      causes: [
        'The pool is ended on shutdown while requests are still served.',
        'A script or test calls end() or $disconnect() before all its work is awaited.',
        'An un-awaited statement runs on after its transaction.',
        'A connection is released twice.',
      ],
      remedies: [
        {
          title: 'On shutdown stop taking requests first, end the pool last',
          language: 'ts',
          code: `process.once('SIGTERM', () => {
  server.close(async () => {
    await prisma.$disconnect();
    await pool.end();
  });
});`,
        },
        {
          title: 'Await every statement inside the transaction',
          language: 'ts',
          code: `await prisma.$transaction(async (tx) => {
  await tx.log.create({ data }); // without await it runs after the commit
});`,
        },
      ],
      outcome: 'not-sent',
      transient: false,
    },
  },
  rules: [
    {
      kind: 'client-leak',
      text: either(
        // Prisma
        /This is the \d+(?:st|nd|rd|th) instance of Prisma Client being started/,
        /There are already \d+ instances of Prisma Client actively running/,
        // pg-promise
        /Creating a duplicate database object for the same connection/,
        /MaxListenersExceededWarning: Possible EventEmitter memory leak detected\. \d+ error listeners added to \[(?:BoundPool|Pool)\]/,
      ),
    },
    {
      kind: 'lifecycle-misuse',
      codes: ['25P02'],
      text: /current transaction is aborted, commands ignored until end of transaction block/i,
      variant: {
        title: 'The transaction had already failed',
        meaning:
          'An earlier statement of this transaction failed, and the server refuses every further one until it is rolled back. Nothing of it will be kept.',
        causes: [
          'An error inside the transaction was caught and the transaction went on.',
          'Statements run in parallel in one transaction, and one of them failed.',
          'Through a pooler in transaction mode: another client left its transaction open.',
        ],
        remedies: [
          {
            title: 'Let the error leave the transaction; expect conflicts instead of catching them',
            language: 'sql',
            code: 'INSERT INTO "User" (email) VALUES ($1) ON CONFLICT (email) DO NOTHING;',
          },
        ],
        outcome: 'failed',
      },
    },
    {
      kind: 'lifecycle-misuse',
      codes: ['LIFEGUARD_OPTIONS'],
      variant: {
        title: 'An option of the pool is not valid',
        meaning:
          'The pool was not made, because an option in the code, the environment or the URL is not valid. The message names it.',
        causes: [
          'A number that is not one, or is negative.',
          'The wrong unit: pool_timeout and connect_timeout in the URL are seconds, the options ending in Millis are milliseconds.',
        ],
        remedies: [
          {
            title: 'Correct the option that the message names',
            language: 'url',
            code: 'postgresql://app@db.example.com:5432/shop?connection_limit=10&pool_timeout=10',
          },
        ],
      },
    },

    {
      kind: 'lifecycle-misuse',
      codes: ['LIFEGUARD_POOL_CLOSED', 'CONNECTION_ENDED', 'P1018'],
      text: either(
        // pg
        /Cannot use a pool after calling end on the pool/,
        /Called end on pool more than once/,
        /Release called on client which has already been released to the pool/,
        /Client has already been connected\. You cannot reuse a client/,
        /Client was closed and is not queryable/,
        /Calling client\.query\(\) when the client is already executing a query/,
        // postgres.js, pg-promise
        /write CONNECTION_ENDED \S+/,
        /Querying against a released or lost connection/,
        /Loose request outside an expired connection/,
        /Connection pool of the database object has been destroyed/,
        /Cannot execute a query on a disconnected client/,
        // Prisma
        /Engine is not yet connected|Response from the Engine was empty/,
        /cannot be executed on a (?:committed transaction|transaction that was rolled back)/,
        /Last state: '?(?:Committed|RolledBack)/,
        /Transaction ID is invalid, refers to an old closed transaction/,
        // Sequelize
        /getConnection was called after the connection manager was closed/,
        /has been called on this transaction\([^)\n]{1,60}\), you can no longer use it/,
        /Transaction cannot be (?:committed|rolled back) because it has been finished/,
        // Knex, generic-pool
        /Transaction query already complete, run with DEBUG=knex/,
        /pool is draining and cannot accept work/,
        // TypeORM
        /QueryRunner\w{0,20}AlreadyReleasedError|Query ?runner already released/,
        /Transaction(?:Already|Not)StartedError|Transaction already started for the given connection/,
        /Transaction is not started yet, start transaction before committing/,
        // Kysely, Slonik
        /driver has already been destroyed|Postgres connection has been discarded/,
        /Connection pool (?:has ended|is being (?:shut down|terminated)|has been shut down)/,
        // SQLAlchemy, psycopg's pool, pgx, sqlx
        /the pool '[^'\n]{1,60}' is (?:not open yet|already closed|closed)/,
        /attempted to acquire a connection on a closed pool/,
      ),
    },
    {
      kind: 'lifecycle-misuse',
      needsDatabase: true,
      text: whole(
        /Unable to acquire a connection/,
        /(?:pool is clos(?:ed|ing)|pool is destroyed|closed pool)/,
      ),
    },
    {
      // The server's warnings: BEGIN and COMMIT went to different connections, or came twice.
      kind: 'lifecycle-misuse',
      codes: ['25001', '25P01'],
      text: /there is (?:already a|no) transaction in progress/i,
      variant: {
        title: 'BEGIN and COMMIT did not meet',
        meaning:
          'A transaction was begun twice on a connection, or ended where none was open. What was meant as one transaction may have run as several.',
        causes: [
          'pool.query("BEGIN") and pool.query("COMMIT") went to different connections: a pool gives each statement any of them.',
          'Two pieces of code share a connection, and each begins a transaction.',
          'Through a pooler in transaction mode: session features were used.',
        ],
        remedies: [
          {
            title: 'Take one connection for the whole transaction',
            language: 'ts',
            code: `const client = await pool.connect();
try {
  await client.query('BEGIN');
  await client.query('UPDATE …');
  await client.query('COMMIT');
} catch (error) {
  await client.query('ROLLBACK');
  throw error;
} finally {
  client.release();
}`,
          },
        ],
        outcome: 'unknown',
      },
    },
  ],
};

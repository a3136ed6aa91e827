import { either, type Family, type Rule, whole } from '../rule.ts';

const POOL_DOCS =
  'https://www.prisma.io/docs/orm/prisma-client/setup-and-configuration/databases-connections/connection-pool';

/** Knex asks after .transacting whatever kept a connection away. */
export const KNEX: NonNullable<Rule['variant']> = {
  title: 'Knex got no connection in time',
  meaning:
    'No connection became free or could be made within acquireConnectionTimeout. The statement was never sent.',
  causes: [
    'A query inside a transaction runs outside it, for want of .transacting(trx) or of trx itself: it waits for a second connection while the first is held.',
    'Statements are slow or transactions long, so all connections stay busy.',
    'No connection can be made: Knex tries again until this time-out, and says the same of a host or port that does not answer.',
  ],
  remedies: [
    {
      title: 'Pass the transaction to everything that it calls',
      language: 'ts',
      code: `await knex.transaction(async (trx) => {
  await trx('seat').where({ id }).update({ taken: true });
});`,
    },
    {
      title: 'See whether the server can be reached, and what the connections are doing',
      language: 'sh',
      code: `psql "$DATABASE_URL" -c "SELECT state, count(*) FROM pg_stat_activity GROUP BY state"`,
    },
  ],
  docs: 'https://knexjs.org/guide/#acquireconnectiontimeout',
};

/** The application's own pool: too few connections free, too many waiting. */
export const pool: Family<'app-pool-exhausted' | 'overload-shed'> = {
  explanations: {
    'app-pool-exhausted': {
      title: "No connection of the application's pool became free in time",
      meaning:
        'Every connection of this process was in use for as long as the request was allowed to wait. The statement was never sent.',
      causes: [
        'One request takes many connections at once: Promise.all over a list, or an include of several relations (each is a statement of its own).',
        'Connections are held while nothing runs on them: an HTTP or payment call inside a transaction.',
        'Statements are slow, so each connection is busy for long.',
        'A query runs on every request, for example a session lookup in an authentication callback.',
        'The pool is really too small for the traffic.',
      ],
      remedies: [
        {
          title:
            'See what the connections are doing: "idle in transaction" is held, "active" is slow',
          language: 'sql',
          code: `SELECT state, count(*), max(now() - state_change) AS longest, left(max(query), 80) AS example
FROM pg_stat_activity
WHERE datname = current_database() AND backend_type = 'client backend'
GROUP BY state ORDER BY 2 DESC;`,
        },
        {
          title: 'Replace one query per item by one query for all of them, limited in the database',
          language: 'sql',
          code: `SELECT p.*
FROM unnest($1::text[]) AS c(category)
CROSS JOIN LATERAL (
  SELECT * FROM "Product" WHERE category = c.category ORDER BY id DESC LIMIT 8
) AS p;`,
        },
        {
          title: 'Do the slow work outside the transaction',
          language: 'ts',
          code: `const payment = await charge(order); // no connection held
await prisma.$transaction([
  prisma.order.update({ where: { id: order.id }, data: { paymentId: payment.id } }),
]);`,
        },
        {
          title:
            "Only then change the size, so that instances × max stays under 70-80 % of the server's max_connections. Prisma 7's stock adapter ignores connection_limit and pool_timeout in the URL: give max and connectionTimeoutMillis",
          language: 'ts',
          code: `const adapter = new PrismaPg({
  connectionString: process.env.DATABASE_URL,
  max: 10,
  connectionTimeoutMillis: 10_000, // 0, the default, waits for ever
});`,
        },
      ],
      outcome: 'not-sent',
      transient: true,
      docs: POOL_DOCS,
    },
    'overload-shed': {
      title: 'Refused at once, because the queue is overloaded',
      meaning:
        'More work arrives than the database can serve, and this request would have missed its deadline anyway. The statement was never sent.',
      causes: [
        'More traffic than the database can serve at the present cost per request.',
        'The database became slower: a missing index, a lock, a cold cache.',
        'Clients repeat failed requests without pause.',
      ],
      remedies: [
        {
          title: 'Find the statements that cost the most (needs the pg_stat_statements extension)',
          language: 'sql',
          code: `SELECT calls, round(mean_exec_time) AS mean_ms, round(total_exec_time) AS total_ms, left(query, 80) AS query
FROM pg_stat_statements ORDER BY total_exec_time DESC LIMIT 10;`,
        },
        {
          title: 'Answer 503 with Retry-After, so that clients slow down',
          language: 'ts',
          code: `return new Response('busy', { status: 503, headers: { 'Retry-After': '2' } });`,
        },
        {
          title:
            'A larger pool does not help: it moves the queue into the database. Make requests cheaper, or cache the reads',
        },
      ],
      outcome: 'not-sent',
      transient: true,
    },
  },
  rules: [
    {
      kind: 'overload-shed',
      codes: ['LIFEGUARD_POOL_OVERLOADED', 'P2024:overloaded', 'P5011'],
      symptom: true,
    },
    {
      kind: 'app-pool-exhausted',
      codes: ['LIFEGUARD_POOL_TIMEOUT', 'P2024'],
      symptom: true,
      text: /Timed out fetching a (?:new )?connection from the (?:connection )?pool/i,
    },
    {
      // pg-pool
      kind: 'app-pool-exhausted',
      symptom: true,
      text: whole(/timeout exceeded when trying to connect/),
    },
    {
      // Sequelize, generic-pool, Prisma 2
      kind: 'app-pool-exhausted',
      symptom: true,
      text: either(
        /SequelizeConnectionAcquireTimeoutError/,
        /ResourceRequest timed out/,
        /Operation timed out \(mobc timeout\)/,
      ),
    },
    {
      kind: 'app-pool-exhausted',
      symptom: true,
      text: /\bKnex: Timeout acquiring a connection\b/i,
      variant: KNEX,
    },
    {
      // Pools of the other services in the same log
      kind: 'app-pool-exhausted',
      symptom: true,
      text: either(
        // Npgsql
        /connection pool has been exhausted, either raise/,
        // SQLAlchemy, psycopg
        /QueuePool limit of size \d+ overflow \d+ reached/,
        /couldn't get a connection after [\d.]+ sec/,
        /psycopg2?\.pool\.PoolError: connection pool exhausted/,
        // HikariCP, Tomcat, DBCP, c3p0
        /\S - Connection is not available, request timed out/,
        /Pool empty\. Unable to fetch a connection in \d+ seconds/,
        /Cannot get a connection, pool error Timeout waiting for idle object/,
        /attempt by a client to checkout a Connection has timed out/,
        // ActiveRecord, sqlx, deadpool, Ecto
        /could not obtain a connection from the pool within [\d.]+ seconds/,
        /pool timed out while waiting for an open connection/,
        /Timeout occurred while waiting for a slot to become available/,
        /connection not available and request was dropped from queue after \d+ms/,
      ),
    },
  ],
};

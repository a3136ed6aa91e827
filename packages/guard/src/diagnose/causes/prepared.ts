import { bouncerRules, either, type Family } from '../rule.ts';

/** Prepared statements and what loses them: poolers, and changes of their tables. */
export const prepared: Family<'prepared-statement-pooling'> = {
  explanations: {
    'prepared-statement-pooling': {
      title: 'Named prepared statements met a pooler in transaction mode',
      meaning:
        'The statement was prepared on one server connection and used on another. The server refused it, and nothing was run.',
      causes: [
        'Named prepared statements are on (statementNameGenerator in the Prisma adapter, a name in pg, prepare in postgres.js), and the pooler does not follow them.',
        'PgBouncer older than 1.21, or max_prepared_statements = 0.',
        'DISCARD ALL or DEALLOCATE removed the statement.',
      ],
      remedies: [
        {
          title: 'Let PgBouncer follow prepared statements (1.21 and later)',
          language: 'ini',
          code: `[pgbouncer]
max_prepared_statements = 200`,
        },
        {
          title:
            "Or use unnamed statements: Prisma 7's stock adapter does so unless statementNameGenerator is set. ?pgbouncer=true in the URL changes nothing there",
          language: 'ts',
          code: 'new PrismaPg({ connectionString }); // no statementNameGenerator; postgres.js: { prepare: false }',
        },
        {
          title: 'Migrations and session features: connect past the pooler',
          language: 'url',
          code: 'postgresql://app@db.example.com:5432/shop',
        },
      ],
      outcome: 'failed',
      transient: false,
      docs: 'https://www.pgbouncer.org/config.html#max_prepared_statements',
    },
  },
  rules: [
    {
      kind: 'prepared-statement-pooling',
      text: /cached plan must not change result type/i,
      variant: {
        title: 'A prepared statement outlived a change of its table',
        meaning:
          'The table changed after the statement was prepared on this connection. The server refused it, and nothing was run.',
        causes: [
          'A migration ran while connections with prepared statements were open.',
          'SELECT * over a table whose columns change.',
        ],
        remedies: [
          {
            title:
              'Replace the connections after a migration: restart the application, or reconnect the pool',
          },
          {
            title: 'Name the columns instead of SELECT *',
            language: 'sql',
            code: 'SELECT id, name FROM "Product" WHERE id = $1;',
          },
        ],
        transient: true,
        docs: 'https://www.postgresql.org/docs/current/sql-prepare.html',
      },
    },
    ...bouncerRules('prepared-statement-pooling', [/prepared statement did not exist/]),
    {
      kind: 'prepared-statement-pooling',
      codes: ['42P05', '26000'],
      text: either(
        /prepared statement (?:"[^"\n]{0,100}" |\S{1,64} )?(?:already exists|does not exist)/,
        // PgBouncer
        /\bprepared statement name is already in use\b/,
        /\bprepared statement '[^'\n]{1,100}' (?:not found|was already prepared)/,
        /bind message supplies \d+ parameters?, but prepared statement "[^"\n]{1,100}" requires \d+/,
      ),
    },
  ],
};

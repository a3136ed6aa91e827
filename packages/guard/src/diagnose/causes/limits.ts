import { bouncer, either, type Family, type Rule, whole } from '../rule.ts';

/** PgBouncer's query_timeout. */
const POOLER_GAVE_UP: NonNullable<Rule['variant']> = {
  meaning:
    "The statement passed the pooler's query_timeout and the pooler closed the connection. The statement may have run on, and a write may have taken effect.",
  outcome: 'unknown',
};

/** Statements that ran into a time limit. */
export const limits: Family<'statement-timeout' | 'lock-timeout'> = {
  explanations: {
    'statement-timeout': {
      title: 'The statement took longer than its time limit',
      meaning: 'The server cancelled the statement at its time limit, and nothing of it was kept.',
      causes: [
        'The statement reads far more rows than it returns: a missing index, or a plan gone wrong.',
        'It waited for a lock.',
        'The server is overloaded.',
        'The limit is meant for short requests, but this is a report or a migration.',
      ],
      remedies: [
        {
          title: 'See the plan: look for large "Rows Removed by Filter"',
          language: 'sql',
          code: 'EXPLAIN (ANALYZE, BUFFERS) SELECT …;',
        },
        {
          title: 'Add the missing index without blocking writers',
          language: 'sql',
          code: 'CREATE INDEX CONCURRENTLY ON "Order" ("customerId", "createdAt");',
        },
        {
          title: 'See whether it waits for a lock, and whose',
          language: 'sql',
          code: `SELECT pid, pg_blocking_pids(pid) AS blocked_by, now() - query_start AS since, left(query, 80) AS query
FROM pg_stat_activity WHERE cardinality(pg_blocking_pids(pid)) > 0;`,
        },
        {
          title: 'Give long work a limit of its own',
          language: 'sql',
          code: "BEGIN; SET LOCAL statement_timeout = '60s'; SELECT …; COMMIT;",
        },
      ],
      outcome: 'failed',
      transient: false,
      docs: 'https://www.postgresql.org/docs/current/runtime-config-client.html#GUC-STATEMENT-TIMEOUT',
    },
    'lock-timeout': {
      title: 'The statement waited too long for a lock',
      meaning:
        'Another transaction holds a lock that this statement needs. The server gave up waiting; nothing of it was kept.',
      causes: [
        'A long transaction holds the row or table.',
        'A migration (ALTER TABLE) waits, and everything queues behind it.',
        'NOWAIT was asked for and the row was taken.',
      ],
      remedies: [
        {
          title: 'Find who blocks whom',
          language: 'sql',
          code: `SELECT w.pid, w.query, b.pid AS blocker, b.state, now() - b.xact_start AS blocker_since, b.query AS blocker_query
FROM pg_stat_activity w
JOIN LATERAL unnest(pg_blocking_pids(w.pid)) AS blocking(pid) ON true
JOIN pg_stat_activity b ON b.pid = blocking.pid;`,
        },
        {
          title: 'Work queues: take what is free instead of waiting',
          language: 'sql',
          code: 'SELECT id FROM "Job" WHERE done = false ORDER BY id LIMIT 10 FOR UPDATE SKIP LOCKED;',
        },
        {
          title: 'Migrations: give up early and try again',
          language: 'sql',
          code: 'SET lock_timeout = \'2s\'; ALTER TABLE "Order" ADD COLUMN note text;',
        },
      ],
      outcome: 'failed',
      transient: true,
      docs: 'https://www.postgresql.org/docs/current/explicit-locking.html',
    },
  },
  rules: [
    {
      kind: 'lock-timeout',
      codes: ['55P03'],
      text: either(
        /cancel?ling statement due to lock timeout/,
        /could not obtain lock on (?:row in )?(?:relation|materialized view)/,
      ),
    },
    {
      // Prisma's P1002, which says first that the server was reached
      kind: 'lock-timeout',
      text: /Timed out trying to acquire a postgres advisory lock/i,
      variant: {
        title: 'A migration waited in vain for the lock that another one holds',
        meaning:
          'prisma migrate takes an advisory lock, so that two migrations never run at once. It did not get the lock in 10 s, and nothing was migrated.',
        causes: [
          'Another migration runs: several instances migrate when they start, or an earlier one hangs.',
          'An earlier one went through a pooler in transaction mode, whose server connection keeps the lock.',
        ],
        remedies: [
          {
            title: 'Find who holds it',
            language: 'sql',
            code: `SELECT a.pid, a.application_name, a.state, now() - a.backend_start AS connected_for
FROM pg_locks l JOIN pg_stat_activity a USING (pid) WHERE l.locktype = 'advisory' AND l.granted;`,
          },
          { title: 'Migrate from one place, over a direct connection, before the instances start' },
        ],
        outcome: 'not-sent',
        docs: 'https://pris.ly/d/migrate-advisory-locking',
      },
    },
    {
      // log_lock_waits
      kind: 'lock-timeout',
      text: /process \d{1,9} still waiting for \w{4,30} on \w/i,
      variant: {
        title: 'A statement waits for a lock',
        meaning:
          'The server reports that a statement has waited for a lock for longer than deadlock_timeout. It waits on; nothing has failed yet.',
        outcome: 'unknown',
      },
    },
    {
      kind: 'statement-timeout',
      text: /cancel?ling statement due to user request/i,
      variant: {
        title: 'The statement was cancelled on request',
        meaning: 'Somebody asked the server to cancel the statement. Nothing of it was kept.',
        causes: [
          'The client cancelled it at a limit of its own or because the caller went away.',
          'pg_cancel_backend, by a person or a tool.',
        ],
      },
    },
    {
      // pg's query_timeout: the client stops listening, the server goes on.
      kind: 'statement-timeout',
      text: whole(/Query read timeout/),
      variant: {
        meaning:
          "The client stopped waiting (pg's query_timeout), but the server was not told: the statement runs on, and a write may still take effect.",
        remedies: [
          {
            title:
              'Use the limit that the server keeps instead: query_timeout loses connections, and inside a transaction it can lose writes',
            language: 'sql',
            code: "ALTER ROLE app SET statement_timeout = '10s'; -- works through PgBouncer too",
          },
          {
            title: 'See what still runs',
            language: 'sql',
            code: `SELECT pid, now() - query_start AS since, left(query, 80) AS query
FROM pg_stat_activity WHERE state = 'active' AND pid <> pg_backend_pid() ORDER BY query_start;`,
          },
        ],
        outcome: 'unknown',
      },
    },
    {
      // Knex's .timeout(), Prisma Accelerate: the one that waits gave up.
      kind: 'statement-timeout',
      codes: ['P6004'],
      text: /Defined query timeout of \d+ms exceeded when running query/i,
      variant: {
        meaning:
          'Whoever waited for the statement gave up. It may have run on, and a write may have taken effect.',
        outcome: 'unknown',
      },
    },
    {
      kind: 'statement-timeout',
      within: ['08P01'],
      text: whole(/query[ _]timeout/),
      variant: POOLER_GAVE_UP,
    },
    {
      kind: 'statement-timeout',
      text: bouncer(/query[ _]timeout/),
      variant: POOLER_GAVE_UP,
    },
    {
      kind: 'statement-timeout',
      codes: ['LIFEGUARD_DEADLINE'],
      symptom: true,
      variant: {
        title: "The caller's deadline passed",
        meaning:
          'The operation with all its attempts took longer than its caller wanted to wait. What was under way may still take effect.',
        causes: [
          'A slow statement, a wait for a connection or for a lock, or several attempts one after the other.',
          'The deadline is meant for short requests, but this is a report or a migration.',
        ],
        outcome: 'unknown',
      },
    },

    {
      kind: 'statement-timeout',
      codes: ['57014', 'LIFEGUARD_STATEMENT_TIMEOUT'],
      text: either(
        /cancel?ling statement due to statement timeout/,
        // Slonik, Aurora's Data API
        /\bStatementTimeoutException\b/,
        /Statement has been cancelled(?: due to a statement_timeout)?/,
      ),
    },
  ],
};

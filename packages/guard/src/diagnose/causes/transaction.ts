import { bouncer, either, type Family, type Rule, whole } from '../rule.ts';
import { KNEX } from './pool.ts';

const TRANSACTION_DOCS =
  'https://www.prisma.io/docs/orm/prisma-client/queries/transactions#interactive-transactions';

/** PgBouncer's transaction_timeout. */
const POOLER_ENDED_IT: NonNullable<Rule['variant']> = {
  meaning:
    "The transaction passed the pooler's transaction_timeout, so the pooler closed the connection and the server rolled back.",
};

/** Transactions that could not start, took too long, collided, or waited for themselves. */
export const transaction: Family<
  | 'tx-start-timeout'
  | 'tx-expired'
  | 'tx-pool-self-deadlock'
  | 'idle-in-transaction-killed'
  | 'write-conflict-deadlock'
> = {
  explanations: {
    'tx-start-timeout': {
      title: 'The transaction got no connection within maxWait',
      meaning:
        'No connection became free in the time that Prisma waits to start a transaction (2 s by default). Nothing was run.',
      causes: [
        'The pool is exhausted: connections are held by long transactions or slow statements.',
        'Code inside a transaction uses the outer client, so it waits for a connection that it blocks itself.',
        'The server does not answer new connections.',
      ],
      remedies: [
        {
          title: 'Find the transactions that hold connections',
          language: 'sql',
          code: `SELECT pid, state, now() - xact_start AS in_transaction, left(query, 80) AS last_statement
FROM pg_stat_activity
WHERE xact_start IS NOT NULL AND pid <> pg_backend_pid() ORDER BY xact_start;`,
        },
        {
          title: 'Use only tx inside the transaction, never the outer client',
          language: 'ts',
          code: `await prisma.$transaction(async (tx) => {
  await tx.order.create({ data }); // not prisma.order
});`,
        },
        {
          title: 'Wait longer only for transactions that may wait',
          language: 'ts',
          code: 'await prisma.$transaction(work, { maxWait: 5_000, timeout: 10_000 });',
        },
      ],
      outcome: 'not-sent',
      transient: true,
      docs: TRANSACTION_DOCS,
    },
    'tx-expired': {
      title: 'The transaction ran longer than its time limit and was rolled back',
      meaning:
        'The transaction passed its limit (5 s by default in Prisma), so nothing of it was kept. A statement that was running then is not cancelled: it runs on to its end.',
      causes: [
        'Something slow that is not the database is awaited inside: an HTTP call, a payment, a file.',
        'Too many statements one after the other, such as a loop of updates.',
        'A slow statement, or one that waits for a lock.',
        'The process itself is busy: the event loop is blocked.',
      ],
      remedies: [
        {
          title: 'Do the slow work before the transaction, keep only the writes inside',
          language: 'ts',
          code: `const rate = await fetchRate();
await prisma.$transaction(async (tx) => {
  await tx.order.update({ where: { id }, data: { rate } });
});`,
        },
        {
          title: 'Write many rows in one statement',
          language: 'ts',
          code: 'await tx.item.createMany({ data: items }); // instead of a create per item',
        },
        {
          title: 'Raise the limit for this one transaction only when its work is really that long',
          language: 'ts',
          code: 'await prisma.$transaction(work, { timeout: 15_000 });',
        },
      ],
      outcome: 'failed',
      transient: false,
      docs: TRANSACTION_DOCS,
    },
    'tx-pool-self-deadlock': {
      title: 'A transaction waits for a second connection while it holds the first',
      meaning:
        'Code inside a transaction asked the pool for another connection. When all holders do so, none can go on and all wait until a limit.',
      causes: [
        'The outer client is used inside the transaction (prisma instead of tx; in Knex a missing .transacting(trx)).',
        'A helper called inside the transaction imports the client itself.',
      ],
      remedies: [
        {
          title: 'Pass the transaction to everything that it calls',
          language: 'ts',
          code: `async function book(tx: Prisma.TransactionClient, id: number) {
  await tx.seat.update({ where: { id }, data: { taken: true } });
}
await prisma.$transaction((tx) => book(tx, 7));
// Knex: await knex('seat').where({ id }).update({ taken: true }).transacting(trx);`,
        },
        {
          title: 'A larger pool only needs more callers at once to stop again',
        },
      ],
      outcome: 'not-sent',
      transient: false,
      docs: TRANSACTION_DOCS,
    },
    'idle-in-transaction-killed': {
      title: 'The connection was lost while a transaction held it',
      meaning:
        'The server or the pooler closed a connection that was checked out but had no statement running, most often because the transaction sat idle for too long. The server rolled the transaction back.',
      causes: [
        'idle_in_transaction_session_timeout: the transaction awaited something else for longer than that.',
        'The server restarted, failed over, or an administrator ended the session meanwhile.',
        'A firewall or load balancer dropped a connection that was silent.',
      ],
      remedies: [
        {
          title: 'Await nothing but statements inside the transaction',
          language: 'ts',
          code: `const receipt = await charge(card); // before, not inside
await prisma.$transaction(async (tx) => {
  await tx.order.create({ data: { ...order, receiptId: receipt.id } });
});`,
        },
        {
          title: 'See the limit, and who sits idle in a transaction',
          language: 'sql',
          code: `SHOW idle_in_transaction_session_timeout;
SELECT pid, now() - state_change AS idle_for, left(query, 80) AS last_statement
FROM pg_stat_activity WHERE state LIKE 'idle in transaction%' ORDER BY state_change;`,
        },
      ],
      outcome: 'failed',
      transient: false,
      docs: 'https://www.postgresql.org/docs/current/runtime-config-client.html#GUC-IDLE-IN-TRANSACTION-SESSION-TIMEOUT',
    },
    'write-conflict-deadlock': {
      title: 'Two transactions collided, and this one was rolled back',
      meaning:
        'The server ended this transaction so that another could go on. Nothing of it was kept; running the whole transaction again usually succeeds.',
      causes: [
        'Two transactions lock the same rows in different order.',
        'Serializable or repeatable-read isolation with concurrent writers: such failures are part of the contract.',
        'Long transactions, which make collisions likely.',
      ],
      remedies: [
        {
          title:
            'Run the whole transaction again, never one statement of it, after a short random pause',
          language: 'ts',
          code: `for (let attempt = 1; ; attempt++) {
  try {
    return await prisma.$transaction(work, { isolationLevel: 'Serializable' });
  } catch (error) {
    if (attempt === 3 || diagnose(error).kind !== 'write-conflict-deadlock') throw error;
    await setTimeout(Math.random() * 50 * attempt); // node:timers/promises
  }
}`,
        },
        {
          title: 'Lock rows in one order everywhere',
          language: 'sql',
          code: 'SELECT id FROM "Account" WHERE id = ANY($1) ORDER BY id FOR UPDATE;',
        },
      ],
      outcome: 'failed',
      transient: true,
      docs: 'https://www.postgresql.org/docs/current/mvcc-serialization-failure-handling.html',
    },
  },
  rules: [
    {
      kind: 'write-conflict-deadlock',
      text: /cancel?ling statement due to conflict with recovery|(?:terminating connection|connection was terminated) due to conflict with recovery/i,
      variant: {
        title: 'The replica cancelled the query to keep up with the primary',
        meaning:
          'Replaying changes from the primary needed rows that this query was still reading, so the replica cancelled it. Reading again, or on the primary, usually succeeds.',
        causes: [
          'A long query on a replica while the primary vacuums or locks the same tables.',
          'max_standby_streaming_delay is short for the queries that run there.',
        ],
        remedies: [
          {
            title: 'Let the replica wait longer, or tell the primary what it reads',
            language: 'sql',
            code: `ALTER SYSTEM SET max_standby_streaming_delay = '60s'; -- on the replica
ALTER SYSTEM SET hot_standby_feedback = on;           -- on the replica; costs bloat on the primary
SELECT pg_reload_conf();`,
          },
          { title: 'Send long reports to a replica of their own, or make them shorter' },
        ],
        docs: 'https://www.postgresql.org/docs/current/hot-standby.html#HOT-STANDBY-CONFLICT',
      },
    },

    {
      kind: 'write-conflict-deadlock',
      codes: ['40001', '40P01', 'P2034'],
      text: either(
        /could not serialize access due to/,
        /\berror: deadlock detected/,
        // The detail, as the log has it apart from the message
        /\bProcess \d+ waits for \w+ on [^\n;]{1,120}; blocked by process \d+/,
        /tuple concurrently (?:updated|deleted)/,
        // Prisma, Slonik
        /Transaction failed due to a write conflict or a deadlock/,
        /Tuple moved to another partition due to concurrent update/,
        // CockroachDB, YugabyteDB
        /restart transaction: |TransactionRetry(?:WithProtoRefresh)?Error/,
        /Restart read required|Operation (?:failed|expired)\. Try again/,
      ),
    },
    { kind: 'write-conflict-deadlock', text: whole(/TransactionWriteConflict/) },
    { kind: 'write-conflict-deadlock', needsDatabase: true, text: whole(/deadlock detected/) },
    {
      kind: 'tx-expired',
      text: either(
        /cannot be executed on an expired transaction/,
        /Transaction is no longer valid\. Last state: '?Expired/,
        /Transaction already closed: Could not perform operation/,
      ),
    },
    {
      kind: 'tx-expired',
      codes: ['25P04'],
      text: /terminating connection due to transaction timeout/i,
      variant: {
        meaning:
          "The transaction passed the server's transaction_timeout, so the server closed the connection and kept nothing of it.",
      },
    },

    {
      kind: 'tx-expired',
      within: ['08P01'],
      text: whole(/transaction[ _]timeout/),
      variant: POOLER_ENDED_IT,
    },
    { kind: 'tx-expired', text: bouncer(/transaction[ _]timeout/), variant: POOLER_ENDED_IT },
    {
      kind: 'idle-in-transaction-killed',
      within: ['08P01'],
      text: whole(/idle[ _]transaction[ _]timeout/),
    },
    { kind: 'idle-in-transaction-killed', text: bouncer(/idle[ _]transaction[ _]timeout/) },
    {
      kind: 'idle-in-transaction-killed',
      codes: ['25P03'],
      text: /(?:terminating connection|Connection terminated) due to idle[- ]in[- ]transaction (?:session )?timeout/i,
    },
    {
      // pg-pool drops connections that die while idle in the pool, so whoever sees this one held it.
      kind: 'idle-in-transaction-killed',
      symptom: true,
      text: /(?<!Sequelize\w{0,40}\]?: ?)Client has encountered a connection error and is not queryable/i,
    },
    {
      kind: 'tx-pool-self-deadlock',
      codes: ['LIFEGUARD_SELF_DEADLOCK', 'P2024:self-deadlock'],
    },
    {
      // The reason that Knex itself asks after
      kind: 'tx-pool-self-deadlock',
      text: /Timeout acquiring a connection\. The pool is probably full\. Are you missing a \.transacting\(trx\) call/i,
      variant: KNEX,
    },
    {
      kind: 'tx-start-timeout',
      symptom: true,
      text: /Unable to start a transaction in the given time/i,
    },
  ],
};

import { plural } from '../../../terminal/words.ts';
import type { SessionFact } from '../../server/facts.ts';
import { defineRule } from '../rule.ts';
import { firstOf, forHowLong, statementOf, whoIs } from '../tell.ts';
import { isIdleInTransaction } from './idle-in-transaction.ts';

/** Work that takes long by its nature and is meant to. */
const MAINTENANCE =
  /^\s*(vacuum|analyze|create\s+(unique\s+)?index|reindex|cluster|copy|refresh|alter\s+table|select pg_(backup|start_backup))/i;

export const longRunning = defineRule({
  id: 'long-running-statement',
  source: 'server',
  finds: 'Statements that have been running for long.',
  why: 'A statement holds its connection for as long as it runs, whether its caller still waits or not: a pool that gave up on it has one connection less.',
  severities: ['warning', 'info'],
  needs: ['sessions'],
  thresholds: {
    seconds: { value: 60, unit: 's', means: 'running for so long', source: 'PgHero' },
  },
  find({ sessions }, { seconds }) {
    const long = sessions
      .filter(
        ({ state, statementFor, blockedBy }) =>
          state === 'active' && blockedBy.length === 0 && (statementFor ?? 0) >= seconds,
      )
      .sort((a, b) => (b.statementFor ?? 0) - (a.statementFor ?? 0));
    const [longest] = long;
    if (!longest) return [];
    const isMaintenance = long.every(({ statement }) => MAINTENANCE.test(statement ?? ''));
    return [
      {
        severity: isMaintenance ? 'info' : 'warning',
        title: `${plural(long.length, 'statement')} ${long.length === 1 ? 'has' : 'have'} been running for over ${forHowLong(seconds)}, the longest for ${forHowLong(longest.statementFor)}`,
        evidence: firstOf(
          long,
          (session) =>
            `${whoIs(session)}, for ${forHowLong(session.statementFor)}${statementOf(session)}`,
        ),
        subjects: long.map(({ pid }) => `pid ${pid}`),
        remedies: [
          {
            title: 'Now: stop the statement (its session stays)',
            language: 'sql',
            code: `SELECT pg_cancel_backend(${longest.pid});`,
          },
          {
            title:
              'For good: a limit for statements, and another pool with few connections for reports',
            language: 'url',
            code: '?statement_timeout=30000',
          },
        ],
      },
    ];
  },
});

export const longTransaction = defineRule({
  id: 'long-transaction',
  source: 'server',
  finds: 'Transactions that have been open for long, though something runs in them.',
  why: 'Holds a connection and its locks all the while, and keeps VACUUM from removing dead rows in every table, so that all statements slow down.',
  severities: ['warning', 'info'],
  needs: ['sessions'],
  thresholds: {
    seconds: { value: 300, unit: 's', means: 'open for so long', source: 'supabase inspect' },
  },
  find({ sessions }, { seconds }) {
    const long = sessions
      .filter((session) => isLong(session, seconds))
      .sort((a, b) => (b.transactionFor ?? 0) - (a.transactionFor ?? 0));
    const [longest] = long;
    if (!longest) return [];
    const isMaintenance = long.every(({ statement }) => MAINTENANCE.test(statement ?? ''));
    return [
      {
        severity: isMaintenance ? 'info' : 'warning',
        title: `${plural(long.length, 'transaction')} open for over ${forHowLong(seconds)}, the longest for ${forHowLong(longest.transactionFor)}`,
        evidence: firstOf(
          long,
          (session) =>
            `${whoIs(session)}, open for ${forHowLong(session.transactionFor)}${statementOf(session)}`,
        ),
        subjects: long.map(({ pid }) => `pid ${pid}`),
        remedies: [
          {
            title:
              'Split the work into batches with a transaction each; on PostgreSQL 17 and later set a limit',
            language: 'sql',
            code: "SET transaction_timeout = '5min';",
          },
        ],
      },
    ];
  },
});

/** One statement that takes all of that time has its own rule; so has one that waits, or does nothing. */
function isLong(session: SessionFact, seconds: number): boolean {
  const { transactionFor, statementFor, state } = session;
  if ((transactionFor ?? 0) < seconds || isIdleInTransaction(session)) return false;
  return !(state === 'active' && (statementFor ?? 0) >= seconds);
}

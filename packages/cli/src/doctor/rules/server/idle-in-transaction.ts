import { plural } from '../../../terminal/words.ts';
import type { SessionFact } from '../../server/facts.ts';
import { quoteName } from '../../sql/names.ts';
import { defineRule } from '../rule.ts';
import { firstOf, forHowLong, statementOf, whoIs } from '../tell.ts';

export const idleInTransaction = defineRule({
  id: 'idle-in-transaction',
  source: 'server',
  finds: 'Sessions that have a transaction open and send nothing.',
  why: 'Each takes a connection out of its pool and uses it for nothing; its locks block others, and VACUUM can’t remove what it might still see. Usually somebody waits inside a transaction for something that is no database: a payment, a queue, a file.',
  severities: ['critical', 'warning'],
  needs: ['sessions'],
  uses: ['settings'],
  thresholds: {
    warnSeconds: {
      value: 10,
      unit: 's',
      means: 'a warning from here on',
      source: 'ours: a request is over by then',
    },
    criticalSeconds: {
      value: 60,
      unit: 's',
      means: 'critical from here on',
      source: 'ours: nobody waits for its answer any more',
    },
    criticalCount: {
      value: 5,
      unit: 'sessions',
      means: 'so many at once are critical',
      source: 'ours: half a pool of the usual size',
    },
  },
  find({ sessions, settings }, { warnSeconds, criticalSeconds, criticalCount }) {
    const idle = sessions
      .filter(
        ({ state, stateFor }) =>
          state?.startsWith('idle in transaction') && (stateFor ?? 0) >= warnSeconds,
      )
      .sort((a, b) => (b.stateFor ?? 0) - (a.stateFor ?? 0));
    const [longest] = idle;
    if (!longest) return [];
    const isCritical = (longest.stateFor ?? 0) >= criticalSeconds || idle.length >= criticalCount;
    return [
      {
        severity: isCritical ? 'critical' : 'warning',
        title: `${plural(idle.length, 'session')} idle in transaction${idle.length > 1 ? ', the longest' : ''} for ${forHowLong(longest.stateFor)}`,
        evidence: firstOf(
          idle,
          (session) =>
            `${whoIs(session)}, idle for ${forHowLong(session.stateFor)}, last ran${statementOf(session)}`,
        ),
        subjects: idle.map(({ pid }) => `pid ${pid}`),
        remedies: [
          {
            title: 'Now: end the longest; its transaction is rolled back',
            language: 'sql',
            code: `SELECT pg_terminate_backend(${longest.pid});`,
          },
          {
            title: 'Let the server end them from now on',
            language: 'sql',
            code: `ALTER ROLE ${quoteName(longest.user ?? 'app')} SET idle_in_transaction_session_timeout = '${settings?.idleInTransactionTimeout ? Math.min(60, Math.round(settings.idleInTransactionTimeout / 1_000)) : 10}s';`,
          },
          {
            title:
              'For good: make calls to other services before or after the transaction, not inside',
            language: 'ts',
            code: REPAIR,
          },
        ],
      },
    ];
  },
});

const REPAIR = `const payment = await charge(card);            // outside
await prisma.$transaction(async (tx) => {      // short
  await tx.order.create({ data: { paymentId: payment.id } });
});`;

/** Whether a session is one of these, for who must not tell of it twice. */
export function isIdleInTransaction({ state }: SessionFact): boolean {
  return state?.startsWith('idle in transaction') ?? false;
}

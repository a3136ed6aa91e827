import type { SessionFact, Settings } from '../../server/facts.ts';
import { quoteName } from '../../sql/names.ts';
import { defineRule } from '../rule.ts';
import { isIdleInTransaction } from './idle-in-transaction.ts';

interface Limit {
  readonly name: string;
  readonly bounds: string;
  /** What an ordinary service does well with. */
  readonly suggested: string;
  readonly isMissing: (settings: Settings) => boolean;
}

const LIMITS: readonly Limit[] = [
  {
    name: 'idle_in_transaction_session_timeout',
    bounds: 'how long a transaction may do nothing',
    suggested: '10s',
    isMissing: ({ idleInTransactionTimeout }) => idleInTransactionTimeout === 0,
  },
  {
    name: 'statement_timeout',
    bounds: 'how long a statement may run',
    suggested: '30s',
    isMissing: ({ statementTimeout }) => statementTimeout === 0,
  },
  {
    name: 'lock_timeout',
    bounds: 'how long a statement may wait for a lock',
    suggested: '5s',
    isMissing: ({ lockTimeout }) => lockTimeout === 0,
  },
  {
    name: 'transaction_timeout',
    bounds: 'how long a transaction may take in all',
    suggested: '60s',
    isMissing: ({ transactionTimeout }) => transactionTimeout === 0,
  },
];

export const limitsNotSet = defineRule({
  id: 'limits-not-set',
  source: 'server',
  finds:
    'Time limits of the server that this user’s sessions begin without. Worth knowing; a warning where one of them would end something just now.',
  why: 'Without them one hung caller holds its connection for ever; no pool can take it back while the server works on, or waits.',
  severities: ['warning', 'info'],
  needs: ['settings', 'identity'],
  uses: ['sessions'],
  thresholds: {
    idleSeconds: {
      value: 10,
      unit: 's',
      means: 'a session idle in transaction for so long makes it a warning',
      source: 'as idle-in-transaction',
    },
    runningSeconds: {
      value: 60,
      unit: 's',
      means: 'a statement that runs for so long makes it a warning',
      source: 'as long-running-statement',
    },
    waitingSeconds: {
      value: 5,
      unit: 's',
      means: 'a wait for a lock of so long makes it a warning',
      source: 'as blocked-sessions',
    },
  },
  ignores: 'settings',
  find({ settings, identity, sessions = [] }, limits, isIgnored) {
    const missing = LIMITS.filter((limit) => limit.isMissing(settings) && !isIgnored(limit.name));
    if (missing.length === 0) return [];
    const needed = missing.filter(({ name }) => wouldHelp(name, sessions, limits));
    const names = missing.map(({ name }) => name);
    return [
      {
        severity: needed.length > 0 ? 'warning' : 'info',
        title: `No limit for sessions of ${identity.user}: ${names.join(', ')}`,
        evidence: missing.map((limit) => {
          const now = needed.includes(limit) ? '; it would end something just now' : '';
          return `${limit.name} = 0: ${limit.bounds} is not bounded${now}`;
        }),
        subjects: names,
        remedies: [
          {
            title:
              'Set them for the application’s role; new connections have them. Migrations and reports set their own',
            language: 'sql',
            code: missing
              .map(
                ({ name, suggested }) =>
                  `ALTER ROLE ${quoteName(identity.user)} SET ${name} = '${suggested}';`,
              )
              .join('\n'),
          },
        ],
      },
    ];
  },
});

function wouldHelp(
  name: string,
  sessions: readonly SessionFact[],
  limits: { idleSeconds: number; runningSeconds: number; waitingSeconds: number },
): boolean {
  switch (name) {
    case 'idle_in_transaction_session_timeout':
      return sessions.some(
        (one) => isIdleInTransaction(one) && (one.stateFor ?? 0) >= limits.idleSeconds,
      );
    case 'statement_timeout':
      return sessions.some(
        (one) => one.state === 'active' && (one.statementFor ?? 0) >= limits.runningSeconds,
      );
    case 'lock_timeout':
      return sessions.some(
        (one) => one.blockedBy.length > 0 && (one.statementFor ?? 0) >= limits.waitingSeconds,
      );
    default:
      return false;
  }
}

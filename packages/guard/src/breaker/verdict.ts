import type { Diagnosis, DiagnosisKind } from '../diagnose/types.ts';

/**
 * What one call says of the way to the database. `alive`: the server answered, be it with an error.
 * `lost`: the way failed. `slow`: no connection became free in time. `nothing`: it may never have got there.
 */
export type Verdict = 'alive' | 'lost' | 'slow' | 'nothing';

const VERDICTS: { readonly [kind in DiagnosisKind]: Verdict | 'lost-unless-answered' } = {
  unreachable: 'lost',
  'server-terminated': 'lost',
  'server-starting': 'lost',
  'stale-connection': 'lost',
  'server-max-connections': 'lost',
  'role-connection-limit': 'lost',
  'pooler-max-clients': 'lost',
  'pooler-session-mode-limit': 'lost',
  'pooler-queue-timeout': 'slow',
  'pooler-cannot-reach-server': 'lost',
  // At the login nobody gets in; at a statement (a read-only server) the server has answered.
  authentication: 'lost-unless-answered',
  tls: 'lost-unless-answered',
  misrouted: 'lost-unless-answered',

  'app-pool-exhausted': 'slow',
  'tx-start-timeout': 'slow',
  // The pool sheds just as much as is too much; a breaker on top of it would refuse the rest as well.
  'overload-shed': 'nothing',

  constraint: 'alive',
  'not-found': 'alive',
  'write-conflict-deadlock': 'alive',
  'lock-timeout': 'alive',
  'prepared-statement-pooling': 'alive',

  // A slow statement is a statement's fault, an expired transaction the application's.
  'statement-timeout': 'nothing',
  'tx-expired': 'nothing',
  'tx-pool-self-deadlock': 'nothing',
  'idle-in-transaction-killed': 'nothing',
  'client-leak': 'nothing',
  'lifecycle-misuse': 'nothing',
  unknown: 'nothing',
};

export function verdictOf({ kind, outcome }: Pick<Diagnosis, 'kind' | 'outcome'>): Verdict {
  const verdict = VERDICTS[kind];
  if (verdict !== 'lost-unless-answered') return verdict;
  return outcome === 'not-sent' ? 'lost' : 'alive';
}

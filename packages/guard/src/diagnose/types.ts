/** What an error means. `unknown` when nothing known fits: a diagnosis never guesses. */
export type DiagnosisKind =
  | 'app-pool-exhausted'
  | 'overload-shed'
  | 'tx-start-timeout'
  | 'tx-expired'
  | 'tx-pool-self-deadlock'
  | 'client-leak'
  | 'lifecycle-misuse'
  | 'server-max-connections'
  | 'role-connection-limit'
  | 'unreachable'
  | 'server-terminated'
  | 'server-starting'
  | 'stale-connection'
  | 'idle-in-transaction-killed'
  | 'statement-timeout'
  | 'lock-timeout'
  | 'write-conflict-deadlock'
  | 'pooler-max-clients'
  | 'pooler-session-mode-limit'
  | 'pooler-queue-timeout'
  | 'pooler-cannot-reach-server'
  | 'prepared-statement-pooling'
  | 'misrouted'
  | 'authentication'
  | 'tls'
  | 'constraint'
  | 'not-found'
  | 'unknown';

/**
 * What became of the statement: `not-sent`, the server certainly never ran it; `failed`, the server
 * refused it or rolled it back; `unknown`, it may have taken effect.
 */
export type Outcome = 'not-sent' | 'unknown' | 'failed';

/** One thing to do, with something to paste where that helps. */
export interface Remedy {
  readonly title: string;
  readonly code?: string;
  readonly language?: 'sql' | 'ts' | 'sh' | 'url' | 'ini';
}

/** What a kind of error means, whoever reports it. */
export interface Explanation {
  readonly title: string;
  readonly meaning: string;
  /** Likeliest first. */
  readonly causes: readonly string[];
  /** First things first. */
  readonly remedies: readonly Remedy[];
  readonly outcome: Outcome;
  /** Whether the same operation may well succeed a moment later. */
  readonly transient: boolean;
  readonly docs?: string;
}

export interface Diagnosis {
  readonly kind: DiagnosisKind;
  readonly title: string;
  readonly meaning: string;
  /** Likeliest first. */
  readonly causes: string[];
  /** First things first. */
  readonly remedies: Remedy[];
  readonly outcome: Outcome;
  /** Whether the same operation may well succeed a moment later. */
  readonly transient: boolean;
  /** Prisma code, SQLSTATE, Node or Lifeguard code that was recognised. */
  readonly code?: string;
  /** The words that were recognised: no secrets, no SQL parameters. */
  readonly evidence?: string;
  readonly docs?: string;
}

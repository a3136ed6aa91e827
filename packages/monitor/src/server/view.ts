import type { ReplicaStatus } from '../incidents/surroundings.ts';
import type { Session } from './queries/activity.ts';
import type { CountedStatement } from './queries/statements.ts';

/** What the server itself says, as plain JSON: literals are masked, parameters were never there. */
export interface ServerSnapshot {
  /** When it was asked last; ISO 8601. Null: it has not answered yet. */
  readonly at: string | null;
  readonly version: string | null;
  readonly startedAt: string | null;
  /** It is a standby. */
  readonly isReplica: boolean;
  /** How far a standby is behind its primary; null: it is none, or that is not known. */
  readonly lagMillis: number | null;
  readonly connections: {
    /** That clients without privileges may open: `max_connections` less what is reserved; null: not known yet. */
    readonly max: number | null;
    readonly reserved: number | null;
    /** With the monitor's own. */
    readonly used: number;
    /** Of the role and the database that the monitor uses; null: none. */
    readonly roleLimit: number | null;
    readonly databaseLimit: number | null;
    readonly byState: Readonly<Record<string, number>>;
    /** The most first. */
    readonly byApplication: readonly ApplicationSessions[];
  };
  /** At work for a second or more, the longest first. */
  readonly longRunning: readonly SessionSnapshot[];
  /** In a transaction with nothing to do for a second or more, the longest first. */
  readonly idleInTransaction: readonly SessionSnapshot[];
  /** Who waits for whose locks, as trees; who holds up the most first. */
  readonly blockers: readonly BlockerSnapshot[];
  /** By `pg_stat_statements`, since its counters were reset; null: there are none. */
  readonly statements: readonly ServerStatement[] | null;
  /** Why there are none, and how to have them; null: there are, or it has not been asked yet. */
  readonly statementsMissing: string | null;
  readonly replicas: readonly ReplicaStatus[];
  /** What could not be seen, why, and how to allow it. */
  readonly notSeen: readonly string[];
  /** Why the server could not be asked last time; null: it could. */
  readonly problem: string | null;
}

export interface ApplicationSessions {
  readonly application: string;
  readonly total: number;
  readonly active: number;
  readonly idle: number;
  readonly idleInTransaction: number;
}

/** A session as it may be shown: its statement without literals. */
export interface SessionSnapshot extends Omit<Session, 'query' | 'blockedBy'> {
  readonly statement: string | null;
}

export interface BlockerSnapshot {
  readonly pid: number;
  /** Null: a prepared transaction, or one that has gone meanwhile. */
  readonly session: SessionSnapshot | null;
  readonly alsoBlockedBy: readonly number[];
  readonly blocks: readonly BlockerSnapshot[];
  /** How many wait for it, directly or not. */
  readonly waiting: number;
}

/** What the server has counted of a statement, which is shown without literals. */
export interface ServerStatement extends Omit<CountedStatement, 'query'> {
  readonly statement: string;
}

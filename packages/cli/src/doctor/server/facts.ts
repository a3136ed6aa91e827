/**
 * What was seen of a server: plain data, nothing judged. Times are seconds, sizes bytes. What a user is not
 * allowed to see is null.
 */

export interface ServerIdentity {
  /** 180004. */
  readonly versionNumber: number;
  /** `18.4`. */
  readonly version: string;
  readonly database: string;
  readonly user: string;
  readonly isSuperuser: boolean;
  /** Member of pg_read_all_stats (pg_monitor): sees what others' sessions do. */
  readonly seesOthers: boolean;
  readonly isStandby: boolean;
  /** Since the statistics of this database were last reset; null when that is not known. */
  readonly statsAge: number | null;
  readonly uptime: number;
}

/** Times are milliseconds here, as in postgresql.conf; 0 is off. */
export interface Settings {
  readonly maxConnections: number;
  readonly superuserReserved: number;
  /** reserved_connections, PostgreSQL 16 and later. */
  readonly reserved: number;
  readonly statementTimeout: number;
  readonly lockTimeout: number;
  readonly idleInTransactionTimeout: number;
  /** Null before PostgreSQL 17. */
  readonly transactionTimeout: number | null;
  readonly autovacuum: boolean;
  /** Null when not allowed to see it. */
  readonly preloadLibraries: string | null;
}

export type SessionState =
  | 'active'
  | 'idle'
  | 'idle in transaction'
  | 'idle in transaction (aborted)'
  | 'fastpath function call'
  | 'disabled';

/** One client's connection; our own is not among them. */
export interface SessionFact {
  readonly pid: number;
  readonly database: string | null;
  readonly user: string | null;
  readonly application: string;
  readonly address: string | null;
  readonly state: SessionState | null;
  readonly waitType: string | null;
  readonly connectedFor: number | null;
  readonly transactionFor: number | null;
  readonly statementFor: number | null;
  readonly stateFor: number | null;
  /** The last statement, its values replaced by `?`. */
  readonly statement: string | null;
  /** Who holds the lock that it waits for; also prepared transactions, as 0. */
  readonly blockedBy: readonly number[];
}

export interface DatabaseFact {
  readonly name: string;
  /** -1 is none. */
  readonly connectionLimit: number;
  /** Transactions since its oldest row was frozen; the same for multixacts. */
  readonly transactionAge: number;
  readonly multixactAge: number;
  readonly blocksHit: number;
  readonly blocksRead: number;
  /** Sessions since the statistics were reset, and how they ended; null before PostgreSQL 14. */
  readonly sessions: number | null;
  readonly sessionTime: number | null;
  readonly abandoned: number | null;
  readonly statsAge: number | null;
}

export interface RoleFact {
  readonly name: string;
  /** -1 is none. */
  readonly connectionLimit: number;
}

export interface TableFact {
  /** `public.orders`. */
  readonly name: string;
  readonly rows: number;
  readonly bytes: number;
  readonly sequentialScans: number;
  readonly sequentialRows: number;
  /** Null without any index. */
  readonly indexScans: number | null;
  readonly deadRows: number;
  readonly changedSinceAnalyze: number;
  /** Null: never. */
  readonly analyzedAgo: number | null;
  /** Switched off for this table. */
  readonly autovacuumOff: boolean;
}

export interface IndexFact {
  readonly table: string;
  /** With its schema. */
  readonly name: string;
  /** Two indexes of a table with the same one are the same. */
  readonly signature: string;
  /** The column of a condition `WHERE column IS NOT NULL`, where that is the whole of it. */
  readonly notNullColumn: string | null;
  readonly method: string;
  /** Key columns in order, null for an expression. */
  readonly columns: readonly (string | null)[];
  /** Operator class and order of each key column: an index serves for another only where they agree. */
  readonly traits: readonly string[];
  readonly isPartial: boolean;
  /** Has columns beside its key (INCLUDE). */
  readonly includes: boolean;
  readonly isUnique: boolean;
  /** Belongs to a constraint, or identifies rows for replication. */
  readonly isNeeded: boolean;
  readonly isValid: boolean;
  /** Of a partitioned table: it has no rows of its own, its partitions' indexes have. */
  readonly isPartitioned: boolean;
  /** The index of a partitioned table that it is a part of: it can't go without it. */
  readonly partOf: string | null;
  readonly scans: number;
  readonly bytes: number;
}

export interface ForeignKeyFact {
  readonly name: string;
  readonly table: string;
  readonly columns: readonly string[];
  readonly references: string;
  /** Of all partitions together. */
  readonly rows: number;
  /** The partitions that hold its rows, all with this key; none of an ordinary table. */
  readonly partitions: readonly string[];
}

export interface StatementFact {
  /** Values replaced by `?`. */
  readonly text: string;
  /** All of it, where no value had to be replaced: it can be planned as it stands, its values being `$1`. */
  readonly whole: string | null;
  readonly calls: number;
  readonly totalMillis: number;
  readonly meanMillis: number;
  readonly rows: number;
}

export type StatementFacts =
  | {
      readonly kind: 'seen';
      readonly statements: readonly StatementFact[];
      readonly allCalls: number;
      readonly allMillis: number;
      /** Since the extension's counters were reset; null before PostgreSQL 14. */
      readonly age: number | null;
    }
  | {
      readonly kind: 'not-created';
      readonly isAvailable: boolean;
      readonly isPreloaded: boolean | null;
    }
  | { readonly kind: 'not-preloaded' };

export interface ReplicationFact {
  readonly name: string;
  readonly state: string | null;
  readonly lagBytes: number | null;
  readonly lagSeconds: number | null;
}

/** This server as a standby itself. */
export interface StandbyFact {
  readonly lagSeconds: number | null;
}

export interface SlotFact {
  readonly name: string;
  readonly type: string;
  readonly isActive: boolean;
  readonly retainedBytes: number | null;
  /** `reserved`, `extended`, `unreserved`, `lost`; null before PostgreSQL 13. */
  readonly walStatus: string | null;
}

export interface ReplicationFacts {
  readonly replicas: readonly ReplicationFact[];
  readonly standby: StandbyFact | null;
  readonly slots: readonly SlotFact[];
}

export interface SequenceFact {
  readonly name: string;
  readonly last: number;
  /** What stops it first: its own maximum, or that of the column's type. */
  readonly highest: number;
  readonly column: string | null;
}

export interface PreparedTransactionFact {
  readonly name: string;
  readonly owner: string;
  readonly database: string;
  readonly age: number;
}

/** How many connections came while we looked. */
export interface ChurnFacts {
  readonly seconds: number;
  readonly newSessions: number;
}

/** All that may be known of a server; what is missing could not be seen. */
export interface ServerFacts {
  readonly identity: ServerIdentity;
  readonly settings: Settings;
  readonly sessions: readonly SessionFact[];
  readonly databases: readonly DatabaseFact[];
  readonly roles: readonly RoleFact[];
  readonly tables: readonly TableFact[];
  readonly indexes: readonly IndexFact[];
  readonly foreignKeys: readonly ForeignKeyFact[];
  readonly statements: StatementFacts;
  readonly replication: ReplicationFacts;
  readonly sequences: readonly SequenceFact[];
  readonly preparedTransactions: readonly PreparedTransactionFact[];
  readonly churn: ChurnFacts;
}

/** Something that could not be seen, and what would make it visible. */
export interface Unseen {
  readonly what: string;
  readonly why: string;
  readonly remedy?: string;
}

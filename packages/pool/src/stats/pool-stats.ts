import type { HistogramSummary } from './buckets.ts';

/** A caller that has a connection to itself. */
export interface Holder {
  /** Number of the checkout, the same for as long as it lasts; `pool.reclaim(id)` ends it. */
  readonly id: number;
  /** Owner of the checkout, or of its first statement, after the route when that is known. */
  readonly owner: string;
  readonly heldMillis: number;
  /** Of those, the time with no statement under way: the application did something else. */
  readonly idleMillis: number;
  readonly inTransaction: boolean;
  readonly statements: number;
  /** Where it was taken or first used, as far as that was noted. */
  readonly site: string | undefined;
  /** Where it had no statement under way for longest: between which two of its statements. */
  readonly pauseAt?: string | undefined;
}

/** Callers that wait for the same; counted among the first thousand that wait. */
export interface WaitingStats {
  /** What they want to do, before the route when that is known. */
  readonly owner: string;
  readonly callers: number;
  readonly longestMillis: number;
}

/** A checkout that was held for longer than `leakThresholdMillis`. */
export interface Leak extends Holder {
  /** The stack that took it. */
  readonly stack: string | undefined;
  /** It was taken back (`reclaimLeaks`). */
  readonly reclaimed: boolean;
}

/** A flow that asked for a connection while it held one, such as the outer client in a transaction. */
export interface NestedStats {
  readonly holder: string;
  readonly holderSite: string | undefined;
  /** For what the second one was asked for: the label of its owner. */
  readonly asks: string | undefined;
  /** Where the second one was asked for. */
  readonly site: string | undefined;
  /** How often, whether or not there was a connection to be had. */
  readonly count: number;
  /** How often it had to wait. */
  readonly waited: number;
  /** How often it was refused, because everybody who held a connection waited so. */
  readonly refused: number;
}

/** What checkouts of one owner have cost so far; times are of ended checkouts. */
export interface OwnerStats {
  readonly owner: string;
  readonly checkouts: number;
  readonly heldMillis: number;
  readonly idleMillis: number;
  readonly maxHeldMillis: number;
  /** Where the one that was idle for longest had no statement under way: between which two of its statements. */
  readonly pauseAt?: string | undefined;
}

/** One statement text; literals are masked, parameters were never part of it. */
export interface StatementStats {
  readonly statement: string;
  /** Who sends it, with the call site as far as that is known: three of them at most. */
  readonly owners: readonly string[];
  readonly executions: number;
  readonly errors: number;
  readonly totalMillis: number;
  readonly meanMillis: number;
  readonly maxMillis: number;
}

/** Requests that had many statements of one text under way at once. */
export interface FanOutStats {
  readonly route: string;
  readonly owner: string;
  /** Where it was called, as far as that was noted. */
  readonly site: string | undefined;
  readonly statement: string;
  /** Requests that did so. */
  readonly requests: number;
  /** The most statements of this text that one request had under way. */
  readonly peak: number;
  /** The call as it is repeated, without values; known of owners who tell. */
  readonly call: string | undefined;
  /** What to write in its place. */
  readonly rewrite: string | undefined;
}

/** Requests, or transactions, that sent many statements of one text one after the other: a loop. */
export interface NPlusOneStats {
  /** `one transaction` where no request is known. */
  readonly route: string;
  readonly owner: string;
  /** Where it was called, as far as that was noted. */
  readonly site: string | undefined;
  /** Who sent another statement last before the first of them: often what the loop goes over. */
  readonly after: string | undefined;
  readonly statement: string;
  /** On a connection that its caller held meanwhile, such as in a transaction. */
  readonly inCheckout: boolean;
  /** Requests that did so. */
  readonly requests: number;
  /** The most of one request. */
  readonly most: number;
  /** Statements of all these requests, and how long the requests waited for them. */
  readonly calls: number;
  readonly millis: number;
  /** The call as it is repeated, without values; known of owners who tell. */
  readonly call: string | undefined;
  /** What to write in its place. */
  readonly rewrite: string | undefined;
}

/** How much `stats()` tells. */
export interface StatsOptions {
  /** How many owners and statements are listed, the costliest first; default 20. */
  readonly top?: number | undefined;
  /** Histograms with their buckets, for whoever takes differences or exports them; default false. */
  readonly buckets?: boolean | undefined;
}

/** The pool at one moment. Times are in milliseconds; counters and histograms run since it began. */
export interface PoolStats {
  readonly connections: {
    readonly max: number;
    readonly total: number;
    readonly idle: number;
    /** Lent to one caller. */
    readonly checkedOut: number;
    /** With statements of the shared lane under way. */
    readonly shared: number;
    readonly connecting: number;
    /** The most that were open at once. */
    readonly peak: number;
  };
  /** Callers that wait. */
  readonly pending: number;
  /** Statements sent on the shared lane and not yet answered. */
  readonly inFlight: number;
  readonly counts: {
    readonly statements: number;
    readonly checkouts: number;
    /** Requests that had to wait at all: the best single sign of a pool that is too small. */
    readonly waited: number;
    readonly timeouts: number;
    readonly shed: number;
    readonly connects: number;
    readonly connectFailures: number;
    /** Checkouts given back inside a transaction, which the pool rolled back. */
    readonly abandonedTransactions: number;
    /** Checkouts held for longer than `leakThresholdMillis`. */
    readonly leaks: number;
    /** Statements that were in others' way and began again by themselves. */
    readonly restarts: number;
    /** Times that all connections were replaced. */
    readonly resets: number;
  };
  /** Statement errors by SQLSTATE, or by the error's code. */
  readonly errors: Readonly<Record<string, number>>;
  readonly statementsPerSecond: number;
  /** From the request to its connection or its place on the wire. */
  readonly wait: HistogramSummary;
  /** How long a checkout was held. */
  readonly use: HistogramSummary;
  /** How long a login took. */
  readonly create: HistogramSummary;
  /** How long the server worked on a statement of the shared lane. */
  readonly service: HistogramSummary;
  /** Who holds a connection now, the longest first. */
  readonly holders: readonly Holder[];
  /** Who waits now, the most callers first. */
  readonly waiting: readonly WaitingStats[];
  /** Owners of checkouts by total hold time. */
  readonly owners: readonly OwnerStats[];
  /** Statements of the shared lane by total time. */
  readonly statements: readonly StatementStats[];
  readonly fanOuts: readonly FanOutStats[];
  readonly nPlusOnes: readonly NPlusOneStats[];
  readonly nested: readonly NestedStats[];
  readonly lastConnectError: string | undefined;
}

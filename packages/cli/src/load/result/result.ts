import type { Arrivals } from '../engine/arrivals.ts';

/** Raised when a field changes its meaning or goes. `schemas/load.schema.json` is this one's. */
export const LOAD_JSON_VERSION = 1;

/** Lengths of waits in ms, to three significant digits; all 0 where there were none. */
export interface Waits {
  readonly p50: number;
  readonly p75: number;
  readonly p90: number;
  readonly p95: number;
  readonly p99: number;
  /** 99.9 % were no longer. */
  readonly p999: number;
  readonly max: number;
  readonly mean: number;
}

/** Percentile, and the wait in ms that so many did not exceed. */
export type CurvePoint = readonly [percentile: number, millis: number];

/** What was asked of a phase: a rate (open model), or workers (closed model). */
export interface PhaseSettings {
  readonly rate: number | null;
  readonly workers: number | null;
  readonly seconds: number;
}

export interface Phase extends PhaseSettings {
  /** Seconds from the first phase's start. */
  readonly from: number;
  /** As long as it really was: shorter where it was interrupted. */
  readonly seconds: number;
  /** Requests that were wanted: served + failed + unfinished. */
  readonly offered: number;
  readonly served: number;
  readonly failed: number;
  /** Under way when the load was interrupted. */
  readonly unfinished: number;
  /** Served within the phase, a second. */
  readonly servedPerSecond: number;
  /** Of the served, from the intended start: waiting + service. */
  readonly latency: Waits;
  /** On our side: for our own clock, for a connection of ours. */
  readonly waiting: Waits;
  /** Of the served, from the moment the request was sent. */
  readonly service: Waits;
  /** The part of `waiting` by which this process was late itself. */
  readonly lateness: Waits;
  /** Of the failed, from the intended start. */
  readonly failedLatency: Waits;
  /** Answers by their status. */
  readonly statuses: Readonly<Record<string, number>>;
  /** Failures by their kind. */
  readonly errors: Readonly<Record<string, number>>;
  readonly curves: {
    readonly latency: readonly CurvePoint[];
    readonly service: readonly CurvePoint[];
  };
  /** Whole distributions, HdrHistogram V2, compressed, base64, in microseconds. */
  readonly histograms: { readonly latency: string; readonly service: string };
}

/** The course of the load: a value for each second. */
export interface Timeline {
  /** Requests that were wanted in that second. */
  readonly offered: readonly number[];
  /** Requests that ended in that second. */
  readonly served: readonly number[];
  readonly failed: readonly number[];
  /** Under way at its end. */
  readonly inFlight: readonly number[];
  /** Latency of requests that were wanted in that second, in ms; null where none was served. */
  readonly p50: readonly (number | null)[];
  readonly p99: readonly (number | null)[];
  readonly waitingP99: readonly (number | null)[];
  readonly failures: Readonly<Record<string, readonly number[]>>;
}

/** A kind of failure, with what it means where that is known. */
export interface FailureKind {
  readonly kind: string;
  readonly count: number;
  readonly status: number | null;
  readonly code: string | null;
  readonly title: string | null;
}

/** Whether a phase was held, and if not, why, in a word; `ourselves`: this process could not keep the pace. */
export interface Judgement {
  readonly held: boolean;
  readonly because: 'errors' | 'ourselves' | 'behind' | 'slow' | 'threshold' | null;
}

export interface ThresholdResult {
  /** As it was given. */
  readonly text: string;
  readonly crossed: boolean;
  /** The worst value seen; null where nothing was measured. */
  readonly actual: number | null;
}

/** One look at the server's connections a second. */
export interface DatabaseSamples {
  /** Without secrets: `shop at 127.0.0.1:5432`. */
  readonly where: string;
  readonly maxConnections: number | null;
  /** Seconds from the first phase's start. */
  readonly at: readonly number[];
  /** Sessions by state, those that the role may not see as `unseen`; ours left out. */
  readonly states: Readonly<Record<string, readonly number[]>>;
  /** Active sessions by the kind of what they wait for: `Lock`, `LWLock`, `IO`. */
  readonly waits: Readonly<Record<string, readonly number[]>>;
  /** Sessions that wait for a lock, and those that hold it up. */
  readonly waitingForLocks: readonly number[];
  readonly blockers: readonly number[];
  /** The sessions of the program that had the most at work: the application, most likely. */
  readonly busiest: {
    /** Its application_name. */
    readonly application: string;
    readonly sessions: readonly number[];
    readonly active: readonly number[];
    readonly idleInTransaction: readonly number[];
  } | null;
  /** Why looks failed, by message. */
  readonly problems: Readonly<Record<string, number>>;
}

/** The application's own pool, as its monitor shows it. */
export interface PoolSamples {
  readonly name: string;
  readonly at: readonly number[];
  readonly used: readonly number[];
  readonly idle: readonly number[];
  readonly max: readonly number[];
  readonly pending: readonly number[];
  readonly waitP99: readonly (number | null)[];
  readonly refused: readonly number[];
}

export interface MonitorSamples {
  readonly where: string;
  readonly pools: readonly PoolSamples[];
  /** What it diagnosed meanwhile, once for each cause. */
  readonly incidents: readonly {
    readonly kind: string;
    readonly title: string;
    readonly cause: string;
    readonly remedy: string;
    /** Since the application began. */
    readonly count: number;
  }[];
  readonly problem: string | null;
}

export interface Knee {
  /** The highest rate that was held; null: none was. */
  readonly held: number | null;
  /** The lowest that was not; null: all were. */
  readonly lost: number | null;
}

/** All that a load has to tell; plain data, which keeps its meaning through JSON. */
export interface LoadResult {
  readonly target: {
    /** Values of parameters that look like secrets are masked. */
    readonly url: string;
    readonly method: string;
    readonly bodyBytes: number;
    /** Names alone: values may be secrets. */
    readonly headers: readonly string[];
  };
  readonly settings: {
    readonly model: 'open' | 'closed';
    readonly arrivals: Arrivals | null;
    readonly connections: number;
    readonly timeoutSeconds: number;
    readonly warmupSeconds: number;
    readonly findsKnee: boolean;
  };
  /** ISO 8601. */
  readonly startedAt: string;
  /** By Ctrl-C. */
  readonly interrupted: boolean;
  readonly verdict: string;
  /** What has to be known to trust the figures. */
  readonly notes: readonly string[];
  readonly knee: Knee | null;
  readonly phases: readonly (Phase & Judgement)[];
  readonly failures: readonly FailureKind[];
  readonly thresholds: readonly ThresholdResult[];
  readonly timeline: Timeline;
  readonly database: DatabaseSamples | null;
  readonly monitor: MonitorSamples | null;
}

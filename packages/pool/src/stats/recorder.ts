import type { Clock } from '../clock.ts';
import type { CallContext } from '../context/context.ts';
import type { StatementProfile } from '../statement/profiles.ts';
import { Histogram } from './histogram.ts';
import { NestedRequests } from './nested-requests.ts';
import { NO_COUNTS } from './no-counts.ts';
import { OwnerLedger } from './owner-ledger.ts';
import type {
  Holder,
  PoolStats,
  StatementStats,
  StatsOptions,
  WaitingStats,
} from './pool-stats.ts';
import { RateMeter } from './rate-meter.ts';
import { Repeated, type RepeatedEvents } from './repeated.ts';

const MOST_LISTED = 20;
/** A wait below this is the event loop's doing, not the pool's. */
const WAITED_FROM_MILLIS = 1;

/** Of an answer, what is written down. */
export interface AnswerSeen {
  readonly request: {
    readonly profile: StatementProfile;
    readonly context?: CallContext | undefined;
  };
  readonly error: Error | undefined;
  readonly serviceMillis: number;
  /** When it came, in the clock's milliseconds. */
  readonly at: number;
  /** It did nothing and is to be sent again. */
  readonly isAgain?: boolean;
}

/** The pool's counters. Recording is cheap; reading makes the plain object of `stats()`. */
export class Recorder {
  readonly wait = new Histogram();
  readonly use = new Histogram();
  readonly create = new Histogram();
  readonly service = new Histogram();
  readonly owners = new OwnerLedger();
  readonly repeated: Repeated;
  readonly nested = new NestedRequests();
  readonly counts = { ...NO_COUNTS };
  peakConnections = 0;
  lastConnectError: string | undefined;
  /** The same, as callers who waited in vain are given it as a cause. */
  connectFailure: Error | undefined;
  #errors: Map<string, number> | undefined;
  readonly #rate: RateMeter;
  readonly #clock: Clock;

  constructor(clock: Clock, events?: RepeatedEvents, findRepeats = true) {
    this.#clock = clock;
    this.repeated = new Repeated(clock, events, findRepeats);
    this.#rate = new RateMeter(clock.now());
  }

  served(waitMillis: number): void {
    this.wait.record(waitMillis);
    if (waitMillis >= WAITED_FROM_MILLIS) this.counts.waited++;
  }

  answered({ request, error, serviceMillis, at, isAgain }: AnswerSeen): void {
    if (isAgain) {
      this.counts.restarts++;
      request.profile.observe(serviceMillis);
      return;
    }
    this.counts.statements++;
    this.#rate.count(at);
    this.service.record(serviceMillis);
    request.profile.observe(serviceMillis);
    if (request.context?.owner) request.profile.sentBy(request.context.owner);
    if (!error) return;
    request.profile.errors++;
    this.failed(error);
  }

  failed(error: Error & { code?: unknown }): void {
    const code = typeof error.code === 'string' ? error.code : error.name;
    this.#errors ??= new Map();
    this.#errors.set(code, (this.#errors.get(code) ?? 0) + 1);
  }

  checkoutEnded(
    owner: string,
    times: Pick<Holder, 'heldMillis' | 'idleMillis'>,
    pauseAt?: () => string | undefined,
  ): void {
    this.use.record(times.heldMillis);
    this.owners.add(owner, times, pauseAt);
  }

  snapshot(
    now: {
      connections: Omit<PoolStats['connections'], 'peak'>;
      pending: number;
      inFlight: number;
      holders: Holder[];
      waiting: readonly WaitingStats[];
    },
    profiles: Iterable<StatementProfile>,
    { top = MOST_LISTED, buckets }: StatsOptions = {},
  ): PoolStats {
    return {
      connections: { ...now.connections, peak: this.peakConnections },
      pending: now.pending,
      inFlight: now.inFlight,
      counts: { ...this.counts },
      errors: Object.fromEntries(this.#errors ?? []),
      statementsPerSecond: this.#rate.perSecond(this.#clock.now()),
      wait: this.wait.summary(buckets),
      use: this.use.summary(buckets),
      create: this.create.summary(buckets),
      service: this.service.summary(buckets),
      holders: now.holders.sort((a, b) => b.heldMillis - a.heldMillis),
      waiting: now.waiting,
      owners: this.owners.top(top),
      statements: topStatements(profiles, top),
      fanOuts: this.repeated.fanOuts(),
      nPlusOnes: this.repeated.nPlusOnes(),
      nested: this.nested.list(),
      lastConnectError: this.lastConnectError,
    };
  }
}

function topStatements(profiles: Iterable<StatementProfile>, top: number): StatementStats[] {
  return [...profiles]
    .filter((profile) => profile.executions > 0)
    .sort((a, b) => b.totalMillis - a.totalMillis)
    .slice(0, top)
    .map(({ summary, senders, executions, errors, totalMillis, maxMillis }) => ({
      statement: summary,
      owners: [...senders],
      executions,
      errors,
      totalMillis,
      meanMillis: totalMillis / executions,
      maxMillis,
    }));
}

import type { Clock } from '../clock.ts';
import type { FailedLogin } from '../connection/connections.ts';
import { isConnectTimeout } from '../connection/refusals.ts';
import type { PoolEvents } from '../core-setup.ts';
import { explainWait } from '../errors/explain-wait.ts';
import {
  ConnectTimeoutError,
  PoolClosedError,
  PoolOverloadedError,
  PoolTimeoutError,
} from '../errors/index.ts';
import type { PoolOptions } from '../options/index.ts';
import type { PoolStats } from '../stats/pool-stats.ts';
import { RecentStats } from '../stats/recent-stats.ts';
import type { Recorder } from '../stats/recorder.ts';
import type { Request } from './request.ts';

export interface RefusalsSetup {
  readonly options: PoolOptions;
  readonly clock: Clock;
  readonly events: PoolEvents;
  readonly recorder: Recorder;
  readonly stats: () => PoolStats;
}

/** Tells callers that they are not served, and why. They have left the queue by then. */
export class Refusals {
  readonly #setup: RefusalsSetup;
  readonly #recentStats: RecentStats;

  constructor(setup: RefusalsSetup) {
    this.#setup = setup;
    this.#recentStats = new RecentStats(setup.clock, setup.stats);
  }

  /** They have waited as long as they would. */
  late(requests: readonly Request[]): void {
    const { clock, recorder, events } = this.#setup;
    // It is their wait that the figures explain.
    const now = this.#setup.stats();
    const stats = { ...now, pending: now.pending + requests.length };
    recorder.counts.timeouts += requests.length;
    for (const request of requests) {
      const message = explainWait(clock.now() - request.enqueuedAt, stats);
      const error = new PoolTimeoutError(message, { stats });
      events.timeout(error);
      request.fail(error);
    }
  }

  /** One more than may wait. */
  tooMany(request: Request): void {
    const { maxWaiting } = this.#setup.options;
    this.shed(request, `refused at once: ${maxWaiting} requests are waiting already (maxWaiting)`);
  }

  shed(request: Request, message: string): void {
    const { recorder, events } = this.#setup;
    recorder.counts.shed++;
    const error = new PoolOverloadedError(message, { stats: this.#recentStats.get() });
    process.nextTick(() => {
      events.shed(error);
      request.fail(error);
    });
  }

  /** The server can't be reached, or wants none of them. */
  unreachable(requests: readonly Request[], { error, server }: FailedLogin): void {
    if (requests.length === 0) return;
    const details = { cause: error, stats: this.#setup.stats() };
    const { connectTimeoutMillis } = this.#setup.options;
    const told = isConnectTimeout(error)
      ? new ConnectTimeoutError(server, connectTimeoutMillis, details)
      : error;
    for (const request of requests) request.fail(told);
  }

  closed(requests: readonly Request[]): void {
    for (const request of requests) {
      request.fail(new PoolClosedError('the pool was ended before this request was served'));
    }
  }
}

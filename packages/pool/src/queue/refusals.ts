import type { Clock } from '../clock.ts';
import type { FailedLogin } from '../connection/connections-setup.ts';
import { isConnectTimeout } from '../connection/refusals.ts';
import type { PoolEvents } from '../core-setup.ts';
import { oneForEach } from '../errors/copy-error.ts';
import { explainShedding, explainWaits } from '../errors/explain-wait.ts';
import {
  ConnectTimeoutError,
  PoolClosedError,
  PoolOverloadedError,
  PoolTimeoutError,
} from '../errors/index.ts';
import { withoutStack } from '../errors/without-stack.ts';
import type { PoolOptions } from '../options/index.ts';
import type { PoolStats } from '../stats/pool-stats.ts';
import { RecentStats } from '../stats/recent-stats.ts';
import type { Recorder } from '../stats/recorder.ts';
import type { Request } from './request.ts';
import { Slices } from './slices.ts';

export interface RefusalsSetup {
  readonly options: PoolOptions;
  readonly clock: Clock;
  readonly events: PoolEvents;
  readonly recorder: Recorder;
  stats(): PoolStats;
  /** All who could not be told at once have been told. */
  finished(): void;
}

/**
 * Tells callers that they are not served, and why: each by an error of its own. They have left the queue
 * by then. What explains it is worked out once for all who are told together.
 */
export class Refusals {
  readonly #setup: RefusalsSetup;
  readonly #recentStats: RecentStats;
  readonly #slices: Slices<Request>;
  #shedding: { readonly stats: PoolStats; readonly message: string } | undefined;

  constructor(setup: RefusalsSetup) {
    this.#setup = setup;
    this.#recentStats = new RecentStats(setup);
    this.#slices = new Slices(() => setup.finished());
  }

  /** Who has left the queue and is not told yet. */
  get length(): number {
    return this.#slices.length;
  }

  /** They have waited as long as they would. */
  late(requests: readonly Request[]): void {
    const { clock, recorder, events } = this.#setup;
    // It is their wait that the figures explain.
    const stats = this.#setup.stats();
    const figures = { ...stats, pending: stats.pending + requests.length };
    const explain = explainWaits(figures);
    recorder.counts.timeouts += requests.length;
    const details = { stats: figures, cause: recorder.connectFailure };
    const now = clock.now();
    this.#slices.run(requests, (request) => {
      const message = explain(now - request.enqueuedAt);
      const error = withoutStack(() => new PoolTimeoutError(message, details));
      events.timeout(error);
      request.fail(error);
    });
  }

  /** One more than may wait. */
  tooMany(request: Request): void {
    const { maxWaiting } = this.#setup.options;
    const message = `refused at once: ${maxWaiting} requests are waiting already (maxWaiting)`;
    this.#shed([request], message, this.#recentStats.get());
  }

  /** Under overload that lasts they would be served too late. */
  inVain(requests: readonly Request[]): void {
    const stats = this.#recentStats.get();
    if (this.#shedding?.stats !== stats) {
      this.#shedding = { stats, message: explainShedding(stats) };
    }
    this.#shed(requests, this.#shedding.message, stats);
  }

  #shed(requests: readonly Request[], message: string, stats: PoolStats): void {
    const { recorder, events } = this.#setup;
    recorder.counts.shed += requests.length;
    const refuse = (request: Request) => {
      const error = withoutStack(() => new PoolOverloadedError(message, { stats }));
      events.shed(error);
      request.fail(error);
    };
    // What a listener asks of the pool must not meet a choice that is being made.
    process.nextTick(() => this.#slices.run(requests, refuse));
  }

  /** The server can't be reached, or wants none of them. */
  unreachable(requests: readonly Request[], { error, server }: FailedLogin): void {
    if (requests.length === 0) return;
    const details = { cause: error, stats: this.#setup.stats() };
    const { connectTimeoutMillis } = this.#setup.options;
    const isMute = isConnectTimeout(error);
    const mute = () =>
      withoutStack(() => new ConnectTimeoutError(server, connectTimeoutMillis, details));
    // None of them has reached the server.
    const make = isMute ? mute : oneForEach(Object.assign(error, { outcome: 'not-sent' }));
    this.#slices.run(requests, (request) => request.fail(make()));
  }

  closed(requests: readonly Request[]): void {
    const message = 'the pool was ended before this request was served';
    const make = () => new PoolClosedError(message);
    this.#slices.run(requests, (request) => request.fail(withoutStack(make)));
  }
}

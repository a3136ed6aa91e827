import { setMaxListeners } from 'node:events';
import type { Clock } from './clock.ts';
import { errorKind } from './error-kind.ts';
import { LatencyHistogram } from './latency-histogram.ts';
import { type LoadResult, toLoadResult } from './load-result.ts';

/** What one request of a load is given. */
export interface LoadContext {
  /** Closed model: which user, from 0; open model: the how-manieth arrival, each a user of its own. */
  user: number;
  /** Aborted when the load gives up on what is unfinished. */
  signal: AbortSignal;
}

export type LoadRun = (context: LoadContext) => Promise<void>;

/** When requests count, on the load's clock: those that began in [countsFrom, endsAt). */
export interface LoadWindow {
  countsFrom: number;
  endsAt: number;
}

interface Request {
  readonly beganAt: number;
  isOver: boolean;
}

/** Runs the requests of a load and counts how they end. */
export class LoadRecorder {
  readonly #clock: Clock;
  readonly #window: LoadWindow;
  readonly #run: LoadRun;
  readonly #abort = new AbortController();
  readonly #inFlight = new Set<Request>();
  readonly #served = new LatencyHistogram();
  readonly #failed = new LatencyHistogram();
  readonly #counts = { offered: 0, started: 0, served: 0, failed: 0 };
  readonly #errors: Record<string, number> = {};
  #servedInTime = 0;

  constructor(clock: Clock, window: LoadWindow, run: LoadRun) {
    this.#clock = clock;
    this.#window = window;
    this.#run = run;
    // Every request in flight may listen.
    setMaxListeners(0, this.#abort.signal);
  }

  get inFlight(): number {
    return this.#inFlight.size;
  }

  /** Runs a request whose user began to wait at that moment: whether it was served; never rejects. */
  async request(user: number, beganAt: number): Promise<boolean> {
    const request: Request = { beganAt, isOver: false };
    this.#inFlight.add(request);
    if (this.#isCounted(request)) {
      this.#counts.offered++;
      this.#counts.started++;
    }
    try {
      await this.#run({ user, signal: this.#abort.signal });
      this.#finish(request, undefined);
      return true;
    } catch (error) {
      this.#finish(request, errorKind(error));
      return false;
    }
  }

  /** Counts a request that there was no room to start. */
  notStarted(beganAt: number): void {
    if (!this.#isCounted({ beganAt })) return;
    this.#counts.offered++;
    this.#countFailure('not started');
  }

  /** Waits for what is in flight, at most so long; what is not finished then has failed. */
  async drain(requests: Promise<unknown>, drainMillis: number): Promise<void> {
    const finished = new AbortController();
    await Promise.race([requests, this.#clock.sleep(drainMillis, finished.signal)]);
    // Else the timer would keep the process alive.
    finished.abort();
    for (const request of this.#inFlight) this.#finish(request, 'unfinished');
    this.#abort.abort();
  }

  result(model: LoadResult['model']): LoadResult {
    const durationSeconds = (this.#window.endsAt - this.#window.countsFrom) / 1_000;
    const throughput = this.#servedInTime / durationSeconds;
    return toLoadResult(
      { model, ...this.#counts, errors: this.#errors, durationSeconds, throughput },
      this.#served,
      this.#failed,
    );
  }

  #finish(request: Request, failure: string | undefined): void {
    if (request.isOver) return;
    request.isOver = true;
    this.#inFlight.delete(request);
    if (!this.#isCounted(request)) return;
    const now = this.#clock.now();
    const waitMillis = now - request.beganAt;
    if (failure !== undefined) {
      this.#failed.record(waitMillis);
      this.#countFailure(failure);
      return;
    }
    this.#served.record(waitMillis);
    this.#counts.served++;
    if (now <= this.#window.endsAt) this.#servedInTime++;
  }

  #isCounted({ beganAt }: { beganAt: number }): boolean {
    return beganAt >= this.#window.countsFrom;
  }

  #countFailure(kind: string): void {
    this.#counts.failed++;
    this.#errors[kind] = (this.#errors[kind] ?? 0) + 1;
  }
}

import type { Phase, PhaseSettings } from '../result/result.ts';
import { Histogram } from './histogram.ts';
import type { Failure } from './request.ts';

/** A request as the tallies see it; moments on the load's clock. */
export interface Timed {
  /** When its user wanted it. */
  readonly intendedAt: number;
  /** When we came to it: late where this process was busy. */
  readonly begunAt: number;
  /** When it went onto a connection; undefined where it never did. */
  readonly sentAt: number | undefined;
}

/** What is counted of one phase of a load. */
export class Tally {
  readonly settings: PhaseSettings;
  readonly startedAt: number;
  readonly #plannedEnd: number;
  #endedAt: number | undefined;
  readonly #latency = new Histogram();
  readonly #waiting = new Histogram();
  readonly #service = new Histogram();
  readonly #lateness = new Histogram();
  readonly #failedLatency = new Histogram();
  readonly #counts = { offered: 0, served: 0, failed: 0, unfinished: 0 };
  readonly #statuses: Record<string, number> = {};
  readonly #errors: Record<string, number> = {};
  #servedInTime = 0;
  inFlight = 0;

  constructor(settings: PhaseSettings, startedAt: number) {
    this.settings = settings;
    this.startedAt = startedAt;
    this.#plannedEnd = startedAt + settings.seconds * 1_000;
  }

  /** No further requests are begun; an interrupted phase is shorter than planned. */
  end(now: number): void {
    this.#endedAt = Math.min(now, this.#plannedEnd);
  }

  begun({ intendedAt, begunAt }: Timed): void {
    this.#counts.offered++;
    this.inFlight++;
    this.#lateness.record(begunAt - intendedAt);
  }

  /** There was no room to begin it. */
  dropped(kind: string): void {
    this.#counts.offered++;
    this.#countFailure(kind);
  }

  served(request: Timed, status: number, now: number): void {
    this.inFlight--;
    this.#counts.served++;
    this.#statuses[status] = (this.#statuses[status] ?? 0) + 1;
    if (now <= (this.#endedAt ?? this.#plannedEnd)) this.#servedInTime++;
    this.#latency.record(now - request.intendedAt);
    const { sentAt = now } = request;
    this.#waiting.record(sentAt - request.intendedAt);
    this.#service.record(now - sentAt);
  }

  failed(request: Timed, { kind, status }: Failure, now: number): void {
    this.inFlight--;
    if (status !== undefined) this.#statuses[status] = (this.#statuses[status] ?? 0) + 1;
    this.#failedLatency.record(now - request.intendedAt);
    this.#waiting.record((request.sentAt ?? now) - request.intendedAt);
    this.#countFailure(kind);
  }

  /** Given up because the whole load was: neither served nor failed. */
  unfinished(): void {
    this.inFlight--;
    this.#counts.unfinished++;
  }

  /** @param origin the moment from which the run's seconds count. */
  result(origin: number): Phase {
    const seconds = ((this.#endedAt ?? this.#plannedEnd) - this.startedAt) / 1_000;
    return {
      ...this.settings,
      from: Number(((this.startedAt - origin) / 1_000).toFixed(3)),
      seconds: Number(seconds.toFixed(3)),
      ...this.#counts,
      servedPerSecond: seconds === 0 ? 0 : Number((this.#servedInTime / seconds).toPrecision(6)),
      latency: this.#latency.waits(),
      waiting: this.#waiting.waits(),
      service: this.#service.waits(),
      lateness: this.#lateness.waits(),
      failedLatency: this.#failedLatency.waits(),
      statuses: this.#statuses,
      errors: this.#errors,
      curves: { latency: this.#latency.curve(), service: this.#service.curve() },
      histograms: { latency: this.#latency.encode(), service: this.#service.encode() },
    };
  }

  #countFailure(kind: string): void {
    this.#counts.failed++;
    this.#errors[kind] = (this.#errors[kind] ?? 0) + 1;
  }
}

import type { Timeline } from '../result/result.ts';
import { Histogram } from './histogram.ts';
import type { Timed } from './tally.ts';

/** What is counted of one second. */
interface Second {
  offered: number;
  begun: number;
  ended: number;
  served: number;
  failed: number;
  readonly failures: Map<string, number>;
  /** Of requests that were wanted in it and served, whenever that was. */
  readonly latency: Histogram;
  readonly waiting: Histogram;
}

/** The course of a load, second by second from `origin` on. */
export class TimelineTally {
  readonly #origin: number;
  readonly #seconds: Second[] = [];

  constructor(origin: number) {
    this.#origin = origin;
  }

  begun({ intendedAt }: Timed): void {
    const second = this.#at(intendedAt);
    second.offered++;
    second.begun++;
  }

  dropped({ intendedAt }: { intendedAt: number }, kind: string): void {
    const second = this.#at(intendedAt);
    second.offered++;
    this.#fail(second, kind);
  }

  served(request: Timed, now: number): void {
    const second = this.#end(now);
    second.served++;
    const wanted = this.#at(request.intendedAt);
    wanted.latency.record(now - request.intendedAt);
    wanted.waiting.record((request.sentAt ?? now) - request.intendedAt);
  }

  failed(_request: Timed, kind: string, now: number): void {
    this.#fail(this.#end(now), kind);
  }

  unfinished(now: number): void {
    this.#end(now);
  }

  /** Of the last whole second before this moment, for those who watch. */
  recent(now: number): { offered: number; served: number; failed: number; p99: number } {
    const index = Math.floor((now - this.#origin) / 1_000) - 1;
    const { offered = 0, served = 0, failed = 0, latency } = this.#seconds[index] ?? {};
    return { offered, served, failed, p99: latency?.at(99) ?? 0 };
  }

  result(): Timeline {
    const seconds = this.#seconds;
    const kinds = new Set(seconds.flatMap(({ failures }) => [...failures.keys()]));
    let inFlight = 0;
    return {
      offered: seconds.map(({ offered }) => offered),
      served: seconds.map(({ served }) => served),
      failed: seconds.map(({ failed }) => failed),
      inFlight: seconds.map(({ begun, ended }) => {
        inFlight += begun - ended;
        return inFlight;
      }),
      p50: seconds.map(({ latency }) => (latency.count === 0 ? null : latency.at(50))),
      p99: seconds.map(({ latency }) => (latency.count === 0 ? null : latency.at(99))),
      waitingP99: seconds.map(({ waiting }) => (waiting.count === 0 ? null : waiting.at(99))),
      failures: Object.fromEntries(
        [...kinds].map((kind) => [kind, seconds.map(({ failures }) => failures.get(kind) ?? 0)]),
      ),
    };
  }

  #end(now: number): Second {
    const second = this.#at(now);
    second.ended++;
    return second;
  }

  #fail(second: Second, kind: string): void {
    second.failed++;
    second.failures.set(kind, (second.failures.get(kind) ?? 0) + 1);
  }

  #at(moment: number): Second {
    const index = Math.max(0, Math.floor((moment - this.#origin) / 1_000));
    for (let next = this.#seconds.length; next <= index; next++) {
      this.#seconds.push({
        offered: 0,
        begun: 0,
        ended: 0,
        served: 0,
        failed: 0,
        failures: new Map(),
        latency: new Histogram(2),
        waiting: new Histogram(2),
      });
    }
    return this.#seconds[index] as Second;
  }
}

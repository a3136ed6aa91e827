import type { PhaseSettings } from '../result/result.ts';
import { type Clock, sleepUntil } from './clock.ts';
import type { Outcome, Send } from './request.ts';
import { Tally, type Timed } from './tally.ts';
import { TimelineTally } from './timeline.ts';

/** What is counted when too many requests are under way to begin another. */
export const NOT_STARTED = 'not started';
export const TIMEOUT = 'timeout';

export interface RecorderOptions {
  readonly clock: Clock;
  readonly send: Send;
  /** From the intended start to the end of the answer. */
  readonly timeoutMillis: number;
  /** Each that waits takes memory: above this many at once, arrivals are not begun and have failed. */
  readonly maxInFlight: number;
}

interface Request extends Timed {
  sentAt: number | undefined;
  /** Undefined: it belongs to the warm-up, which is not counted. */
  readonly tally: Tally | undefined;
  readonly onEnd: (() => void) | undefined;
  giveUp: () => void;
}

/** Begins the requests of a load, gives up those that take too long, and has all of it counted. */
export class Recorder {
  readonly #options: RecorderOptions;
  /** In the order of their intended starts. */
  readonly #inFlight = new Set<Request>();
  #tally: Tally | undefined;
  #timeline: TimelineTally | undefined;
  #origin = 0;
  readonly #stopped = new AbortController();

  constructor(options: RecorderOptions) {
    this.#options = options;
    void this.#timeOut();
  }

  get inFlight(): number {
    return this.#inFlight.size;
  }

  /** Undefined during the warm-up. */
  get timeline(): TimelineTally | undefined {
    return this.#timeline;
  }

  /** From the first phase on it is counted; seconds count from there. */
  beginPhase(settings: PhaseSettings): Tally {
    const now = this.#options.clock.now();
    if (!this.#timeline) {
      this.#origin = now;
      this.#timeline = new TimelineTally(now);
    }
    this.#tally = new Tally(settings, now);
    return this.#tally;
  }

  get origin(): number {
    return this.#origin;
  }

  /** Begins a request that was wanted at that moment. */
  start(intendedAt: number, onEnd?: () => void): void {
    const { clock, send, maxInFlight } = this.#options;
    const tally = this.#tally;
    if (this.#inFlight.size >= maxInFlight) {
      tally?.dropped(NOT_STARTED);
      if (tally) this.#timeline?.dropped({ intendedAt }, NOT_STARTED);
      onEnd?.();
      return;
    }
    const request: Request = {
      intendedAt,
      begunAt: clock.now(),
      sentAt: undefined,
      tally,
      onEnd,
      giveUp: () => {},
    };
    this.#inFlight.add(request);
    if (tally) {
      tally.begun(request);
      this.#timeline?.begun(request);
    }
    request.giveUp = send({
      onSent: () => {
        // A request that is tried on another connection is still the same one.
        request.sentAt ??= clock.now();
      },
      onEnd: (outcome) => this.#finish(request, outcome),
    });
  }

  /** Resolves when what was begun is over; each is at its time-out at the latest. */
  async drain(signal: AbortSignal): Promise<void> {
    const { clock } = this.#options;
    while (this.#inFlight.size > 0 && !signal.aborted) await clock.sleep(1);
  }

  /** Gives up whatever is under way, and ends. */
  stop(): void {
    this.#stopped.abort();
    for (const request of this.#inFlight) {
      this.#inFlight.delete(request);
      request.tally?.unfinished();
      if (request.tally) this.#timeline?.unfinished(this.#options.clock.now());
      request.giveUp();
    }
  }

  #finish(request: Request, outcome: Outcome): void {
    // Nobody waits any more for one that was given up.
    if (!this.#inFlight.delete(request)) return;
    const now = this.#options.clock.now();
    const { tally, onEnd } = request;
    if (tally && outcome.ok) {
      tally.served(request, outcome.status, now);
      this.#timeline?.served(request, now);
    } else if (tally && !outcome.ok) {
      tally.failed(request, outcome.failure, now);
      this.#timeline?.failed(request, outcome.failure.kind, now);
    }
    onEnd?.();
  }

  /** One timer for all: the oldest is due first, for all have the same time. */
  async #timeOut(): Promise<void> {
    const { clock, timeoutMillis } = this.#options;
    const { signal } = this.#stopped;
    while (!signal.aborted) {
      const now = clock.now();
      let next = now + timeoutMillis;
      for (const request of this.#inFlight) {
        const dueAt = request.intendedAt + timeoutMillis;
        if (dueAt > now) {
          next = dueAt;
          break;
        }
        const { giveUp } = request;
        this.#finish(request, { ok: false, failure: { kind: TIMEOUT } });
        giveUp();
      }
      await sleepUntil(clock, next, signal);
    }
  }
}

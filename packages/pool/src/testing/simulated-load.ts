import { seededRandom } from '@lifeguard/testkit/random';
import type { CallContext, Priority } from '../context/context.ts';
import { PendingRequests } from '../dispatch/pending-requests.ts';
import { StatementRequest } from '../queue/statement-request.ts';
import { StatementProfile } from '../statement/profiles.ts';
import { EventClock } from './event-clock.ts';

export type Fate = 'in time' | 'late' | 'timed out' | 'shed';

export interface Caller {
  readonly priority: Priority;
  readonly cameAt: number;
  fate: Fate | undefined;
  toldAt: number;
}

export interface Phase {
  readonly seconds: number;
  /** Offered load as a multiple of what the servers could do at their usual speed. */
  readonly load: number;
  /** The share of background requests in it. */
  readonly background?: number;
  /** Statements take so many times longer; Infinity: nothing is answered. */
  readonly slowness?: number;
}

export interface LoadOptions {
  readonly seed: number;
  /** Connections, each of which does one statement after the other. */
  readonly servers: number;
  /** How long a caller wants its answer. */
  readonly patienceMillis: number;
  readonly sheds: boolean;
  readonly phases: readonly Phase[];
}

const SHORTEST_MILLIS = 1;
const LONGEST_MILLIS = 50;
const MEAN_MILLIS = (SHORTEST_MILLIS + LONGEST_MILLIS) / 2;

/** Statements that can be answered in a second. */
export function capacityOf({ servers }: LoadOptions, slowness = 1): number {
  return (servers * 1_000) / (MEAN_MILLIS * slowness);
}

/** Callers that come by chance (Poisson), the pool's queue, and servers that take 1 to 50 ms each. */
export class SimulatedLoad {
  readonly callers: Caller[] = [];
  readonly #options: LoadOptions;
  readonly #random: () => number;
  readonly #clock = new EventClock();
  readonly #pending: PendingRequests;
  readonly #profile = new StatementProfile('SELECT 1');
  readonly #byRequest = new Map<StatementRequest, Caller>();
  #free: number;
  #slowness = 1;
  /** Those whom nobody answers until the servers go on. */
  #stuck: (() => void)[] = [];

  constructor(options: LoadOptions) {
    this.#options = options;
    this.#random = seededRandom(options.seed);
    this.#free = options.servers;
    const tell = (fate: Fate) => (requests: unknown[]) => {
      for (const request of requests) this.#tell(request as StatementRequest, fate);
    };
    this.#pending = new PendingRequests(false, this.#clock, {
      late: tell('timed out'),
      isServing: options.sheds ?? false,
      inVain: tell('shed'),
    });
  }

  run(): this {
    for (const phase of this.#options.phases) {
      this.#slowness = phase.slowness ?? 1;
      if (this.#slowness !== Infinity) for (const goOn of this.#stuck.splice(0)) goOn();
      const end = this.#clock.now() + phase.seconds * 1_000;
      this.#next(phase, end);
      this.#clock.run(end);
    }
    this.#clock.run();
    return this;
  }

  /** Those who came in these seconds. */
  between(from: number, to: number): Caller[] {
    return this.callers.filter(({ cameAt }) => cameAt >= from * 1_000 && cameAt < to * 1_000);
  }

  #next(phase: Phase, end: number): void {
    const perMillis = (capacityOf(this.#options) * phase.load) / 1_000;
    const millis = -Math.log(1 - this.#random()) / perMillis;
    if (this.#clock.now() + millis >= end) return;
    this.#clock.after(millis, () => {
      this.#come(this.#random() < (phase.background ?? 0) ? 'background' : 'interactive');
      this.#next(phase, end);
    });
  }

  #come(priority: Priority): void {
    const now = this.#clock.now();
    const caller: Caller = { priority, cameAt: now, fate: undefined, toldAt: Number.NaN };
    const deadline = now + this.#options.patienceMillis;
    const context: CallContext = { deadline, priority };
    const config = { text: this.#profile.text };
    const request = new StatementRequest(config, this.#profile, now, deadline, context, () => {});
    this.callers.push(caller);
    this.#byRequest.set(request, caller);
    this.#pending.add(request, this.#clock.now());
    this.#serve();
    this.#pending.admit(request);
  }

  #serve(): void {
    for (
      let { head } = this.#pending.wholes;
      head && this.#free > 0;
      { head } = this.#pending.wholes
    ) {
      this.#pending.take(head, this.#clock.now());
      this.#free--;
      this.#work(head as StatementRequest);
    }
  }

  #work(request: StatementRequest): void {
    if (this.#slowness === Infinity) {
      this.#stuck.push(() => this.#work(request));
      return;
    }
    const span = LONGEST_MILLIS - SHORTEST_MILLIS;
    const millis = (SHORTEST_MILLIS + this.#random() * span) * this.#slowness;
    this.#clock.after(millis, () => {
      this.#profile.observe(millis);
      this.#tell(request, this.#clock.now() <= request.answerBy ? 'in time' : 'late');
      this.#free++;
      this.#serve();
    });
  }

  #tell(request: StatementRequest, fate: Fate): void {
    const caller = this.#byRequest.get(request);
    if (!caller || caller.fate) throw new Error('somebody was told twice');
    caller.fate = fate;
    caller.toldAt = this.#clock.now();
  }
}

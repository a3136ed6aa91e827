import { PoolCore } from '../../core.ts';
import { type PoolConfig, type PoolOptions, resolveOptions } from '../../options/index.ts';
import type { PgClient } from '../../pg-internals.ts';
import type { Holder } from '../../stats/pool-stats.ts';
import { FakeClock } from '../fake-clock.ts';
import { FakeServer } from '../fake-server.ts';
import type { Call } from './call.ts';
import { Callers } from './callers.ts';
import { Cancels } from './cancels.ts';
import type { ClientView } from './client-view.ts';
import type { Hold } from './hold.ts';
import { lawsOfExecution } from './laws/of-execution.ts';
import { LEARNT } from './texts.ts';
import { Turns } from './turns.ts';
import { queries, Wiretap } from './wiretap.ts';

export interface WorldOptions {
  readonly pool: PoolConfig;
  /** The server answers a goodbye. */
  readonly isPolite: boolean;
  /** What has come over the wire is run, though the connection be lost. */
  readonly worksOn: boolean;
  /** How long every command takes, in ms; 0: the server answers when it is told to. */
  readonly pace: number;
  /** Every login succeeds at once. */
  readonly logsIn: boolean;
  /** The application sends a statement on every new connection, and does not wait for it. */
  readonly greets: boolean;
  /** How often the texts were seen before. */
  readonly seen: number;
}

/**
 * A pool on a scripted server, with all that callers have asked of it. Whatever breaks a law is
 * written down in `violations`: thrown where it is seen, it would only meet the pool.
 */
export class PoolWorld {
  readonly clock = new FakeClock();
  readonly server: FakeServer;
  readonly cancels = new Cancels(this.clock);
  readonly core: PoolCore;
  readonly options: PoolOptions;
  readonly callers = new Callers(this);
  readonly violations: string[] = [];
  /** What has happened, told when a law is broken. */
  readonly story: string[] = [];
  readonly wiretap: Wiretap;
  /** What the pool's own counters have to say as well. */
  readonly counts = {
    /** Answers of the shared lane. */
    answers: 0,
    checkouts: 0,
    timeouts: 0,
    shed: 0,
    connects: 0,
    connectFailures: 0,
    abandonedTransactions: 0,
    served: 0,
    released: 0,
  };
  /** Since when everybody who holds a connection waits for another one. */
  deadlock: { readonly who: string; readonly since: number } | undefined;
  /** Those who wait for connections to be open. */
  warmUps = 0;
  isEnding = false;
  #cutAt = Infinity;
  endedTimes = 0;
  readonly #turns = new Turns();

  constructor(worldOptions: WorldOptions) {
    const wiretap = new Wiretap(this, worldOptions);
    this.wiretap = wiretap;
    this.server = new FakeServer({
      ...worldOptions,
      clock: this.clock,
      soon: (action) => this.#turns.soon(action),
      ran: (id, backend) => this.violations.push(...lawsOfExecution(this, id, backend)),
    });
    this.options = resolveOptions(worldOptions.pool, {}).options;
    this.core = new PoolCore({
      options: this.options,
      clock: this.clock,
      createClient: () => wiretap.createClient(),
      cancel: (client, done) => wiretap.cancel(client, done),
      knock: (done) => done(!this.server.isUnreachable),
      query(this: PgClient, config: unknown, second: unknown, third: unknown) {
        return wiretap.sends(this, config, second, third);
      },
      queries,
      announce: (client) => wiretap.greet(client),
      log: () => {},
      events: {
        acquire: () => {},
        release: () => {},
        remove: () => {},
        idleError: () => {},
        timeout: () => {},
        shed: () => {},
        leakEnded: () => {},
        fanOut: () => {},
        nPlusOne: () => {},
        nested: () => {},
        slow: () => {},
        abandoned: (holder) => this.#abandoned(holder),
        reset: () => this.#retireAll(),
        leak: ({ reclaimed }, checkout) => {
          const hold = this.holds.find((one) => one.checkout === checkout);
          if (hold) hold.leaks++;
          else this.violations.push('a leak was told of a checkout that was given back');
          if (hold && reclaimed) this.callers.reclaimed(hold);
        },
        ended: () => this.endedTimes++,
      },
    });
    for (const { text, millis } of LEARNT) {
      const profile = this.core.profiles.of(text);
      for (let i = 0; i < worldOptions.seen; i++) profile.observe(millis);
    }
  }

  get now(): number {
    return this.clock.now();
  }

  get views(): ReadonlyMap<PgClient, ClientView> {
    return this.wiretap.views;
  }

  tell(event: string, view?: ClientView): void {
    const where = view ? ` on ${view.number}` : '';
    this.story.push(`${this.now.toFixed(3)} ${event}${where}`);
  }

  /** Whether a transaction's idle round trips are saved. */
  get savesTransactions(): boolean {
    return this.options.multiplex && this.options.pipelineTransactions;
  }

  /** The pool has ended by force. */
  get isCut(): boolean {
    return this.now >= this.#cutAt;
  }

  get holds(): Hold[] {
    return [...this.views.values()].flatMap(({ holds }) => holds);
  }

  /** Those that are given back when somebody says so. */
  get heldByCallers(): Hold[] {
    return this.holds.filter(({ isDriven }) => !isDriven);
  }

  /** In which of the three queues it stands; without a shared lane there is one. */
  queueOf({ pace }: Call): 'short' | 'alone' | 'whole' {
    if (!this.options.multiplex) return 'whole';
    return ({ short: 'short', medium: 'alone', long: 'whole' } as const)[pace];
  }

  prewarm(count: number): void {
    this.warmUps++;
    this.core.prewarm(count, () => this.warmUps--);
  }

  end(timeoutMillis: number): void {
    this.isEnding = true;
    this.#cutAt = this.now + timeoutMillis;
    this.core.end(timeoutMillis);
  }

  /** Lets something happen, and the pool and pg finish what they do about it. */
  async act(action: () => void): Promise<void> {
    await this.#turns.act(action);
    await this.#rest();
  }

  /** Lets time pass from one timer to the next. */
  async pass(millis: number): Promise<void> {
    const end = this.now + millis;
    const step = () =>
      this.clock.advance(Math.min(end - this.now, Math.max(0, this.clock.untilNextTimer)));
    while (this.now < end) await this.#turns.act(step);
    await this.#rest();
  }

  async #rest(): Promise<void> {
    await this.#turns.rest();
    this.wiretap.noteParting();
    for (const view of this.views.values()) {
      if (view.isOpen && !view.isBusy) view.begunAt ??= this.now;
      view.idleSince = view.isIdle ? (view.idleSince ?? this.now) : undefined;
    }
  }

  #abandoned({ owner }: Holder): void {
    this.counts.abandonedTransactions++;
    this.tell(`the pool says that ${owner} has left its transaction open`);
    const hold = this.callers.find(owner)?.given;
    if (hold) hold.abandonedTimes++;
    if (!hold?.mayBeLeftOpen || hold.abandonedTimes > 1) {
      this.violations.push(`${owner} is said to have left a transaction open`);
    }
  }

  #retireAll(): void {
    for (const view of this.views.values()) if (view.hasBegun) view.isRetiring = true;
  }
}

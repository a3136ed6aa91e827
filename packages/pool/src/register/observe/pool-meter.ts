import type { Clock } from '../../clock.ts';
import { CallSite } from '../../context/call-site.ts';
import { type CallContext, currentContext } from '../../context/context.ts';
import type { PgClient, TransactionStatus } from '../../pg-internals.ts';
import { StatementProfiles } from '../../statement/profiles.ts';
import type { PoolStats, StatsOptions } from '../../stats/pool-stats.ts';
import { Recorder } from '../../stats/recorder.ts';
import { countWaiting, MOST_LOOKED_AT, type Waiter } from '../../stats/waiting.ts';
import { safely } from './safely.ts';
import { Use } from './use.ts';

/** pg-pool's words, its only sign of a wait that was too long. */
const WAITED_IN_VAIN = 'timeout exceeded when trying to connect';

/** What a pool knows of itself. */
export interface PoolCounts {
  readonly max: number;
  readonly total: number;
  readonly idle: number;
}

/** What one caller wants a connection for. */
export interface Purpose {
  /** True: for one statement of `pool.query`; false: `connect()`. */
  readonly isStatement: boolean;
  readonly text: string | undefined;
}

/** One caller's way to a connection. */
export interface Wanted {
  served(client: PgClient): void;
  refused(error: Error): void;
}

/** `status`: of the session, as far as the client tells it. */
export type StatementEnd = (error?: Error | null, status?: TransactionStatus) => void;

/** What is seen of a pool that is not ours: who waits, who has a connection, what they sent. */
export class PoolMeter {
  readonly #clock: Clock;
  readonly #recorder: Recorder;
  readonly #profiles = new StatementProfiles();
  readonly #uses = new Map<PgClient, Use>();
  /** When a client's last statement ended: what was sent before began only then. */
  readonly #quietSince = new WeakMap<PgClient, number>();
  readonly #waiting = new Set<Waiter>();
  #served = 0;
  #connecting = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#recorder = new Recorder(clock);
  }

  /** A login begins; the returned function hears how it ended. `total`: connections with this one. */
  connecting(total: number): (error: Error | null | undefined) => void {
    const since = this.#clock.now();
    this.#connecting++;
    this.#recorder.peakConnections = Math.max(this.#recorder.peakConnections, total);
    return (error) => {
      this.#connecting--;
      if (error) {
        this.#recorder.counts.connectFailures++;
        this.#recorder.lastConnectError = error.message;
        return;
      }
      this.#recorder.counts.connects++;
      this.#recorder.lastConnectError = undefined;
      this.#recorder.create.record(this.#clock.now() - since);
    };
  }

  /** A caller asks for a connection. */
  wanted({ isStatement, text }: Purpose): Wanted {
    const since = this.#clock.now();
    const context = currentContext();
    const callSite = isStatement ? undefined : new CallSite();
    const leave = isStatement && text !== undefined ? this.#enterRequest(context, text) : undefined;
    const waiter = { enqueuedAt: since, context, isStatement };
    this.#waiting.add(waiter);
    return {
      refused: (error) => {
        this.#waiting.delete(waiter);
        leave?.();
        if (error.message === WAITED_IN_VAIN) this.#recorder.counts.timeouts++;
      },
      served: (client) => {
        const now = this.#clock.now();
        this.#waiting.delete(waiter);
        this.#recorder.served(now - since);
        if (!isStatement) this.#recorder.counts.checkouts++;
        const use = new Use(++this.#served, now, context, callSite);
        this.#uses.set(client, use);
        const giveBack = client.release;
        client.release = (error) => {
          safely(() => this.#released(client, use));
          leave?.();
          giveBack?.(error);
        };
      },
    };
  }

  /** A statement was given to a client; the returned function hears how it ended. */
  statementBegins(client: PgClient, text: string | undefined): StatementEnd {
    const since = this.#clock.now();
    const profile = text === undefined ? undefined : this.#profiles.of(text);
    const use = this.#uses.get(client);
    use?.statementBegins(since);
    return (error, status = 'I') => {
      const now = this.#clock.now();
      const serviceMillis = now - Math.max(since, this.#quietSince.get(client) ?? since);
      this.#quietSince.set(client, now);
      use?.statementEnded(now, status);
      if (!profile) return;
      const request = { profile };
      this.#recorder.answered({ request, error: error ?? undefined, serviceMillis, at: now });
    };
  }

  /** A connection was lost that had nothing to do. */
  lostIdle(error: Error): void {
    this.#recorder.failed(error);
  }

  stats({ max, total, idle }: PoolCounts, options?: StatsOptions): PoolStats {
    const now = this.#clock.now();
    const uses = [...this.#uses.values()];
    const holders = uses.filter(({ isCheckout }) => isCheckout).map((use) => use.describe(now));
    const inFlight = uses.length - holders.length;
    const connections = {
      max,
      total,
      idle,
      connecting: this.#connecting,
      checkedOut: holders.length,
      shared: inFlight,
    };
    const waiting = countWaiting([...this.#waiting].slice(0, MOST_LOOKED_AT), now);
    return this.#recorder.snapshot(
      { connections, pending: this.#waiting.size, inFlight, holders, waiting },
      this.#profiles.all(),
      options,
    );
  }

  #enterRequest(context: CallContext | undefined, text: string): (() => void) | undefined {
    if (!context?.request) return undefined;
    const repeated = this.#recorder.repeated.begin(context, this.#profiles.of(text).text);
    return () => repeated?.end();
  }

  #released(client: PgClient, use: Use): void {
    if (this.#uses.get(client) !== use) return;
    this.#uses.delete(client);
    if (!use.isCheckout) return;
    const holder = use.describe(this.#clock.now());
    this.#recorder.checkoutEnded(holder.owner, holder);
    if (holder.inTransaction) this.#recorder.counts.abandonedTransactions++;
  }
}

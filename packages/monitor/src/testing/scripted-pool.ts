import type {
  FanOutStats,
  Holder,
  KnownStats,
  OwnerStats,
  PoolStats,
  StatementStats,
} from '@lifeguard/pool';
import { madeUpStats, owner, statement } from './pool-stats.ts';

type Counts = Partial<PoolStats['counts']>;

/** A pool whose statistics a test writes as its story goes on; counters only grow, as a pool's do. */
export class ScriptedPool {
  readonly #counts: Record<string, number> = {};
  readonly #owners = new Map<string, OwnerStats>();
  readonly #statements = new Map<string, StatementStats>();
  readonly #fanOuts = new Map<string, FanOutStats>();
  #now: KnownStats = {};

  stats(): PoolStats {
    return madeUpStats({
      ...this.#now,
      counts: { ...this.#counts },
      owners: [...this.#owners.values()],
      statements: [...this.#statements.values()],
      fanOuts: [...this.#fanOuts.values()],
    });
  }

  count(counts: Counts): this {
    for (const [key, more] of Object.entries(counts)) {
      this.#counts[key] = (this.#counts[key] ?? 0) + more;
    }
    return this;
  }

  /** So many executions of a statement. */
  runs(text: string, executions: number, millis: number): this {
    const was = this.#statements.get(text) ?? statement({ statement: text, executions: 0 });
    const totalMillis = was.totalMillis + executions * millis;
    this.#statements.set(text, {
      ...was,
      executions: was.executions + executions,
      totalMillis,
      meanMillis: totalMillis / (was.executions + executions),
      maxMillis: Math.max(was.maxMillis, millis),
    });
    return this.count({ statements: executions });
  }

  /** So many checkouts of an owner that have ended, each held and idle for so long. */
  held(name: string, checkouts: number, heldMillis: number, idleMillis: number): this {
    const was = this.#owners.get(name) ?? owner({ owner: name, checkouts: 0, maxHeldMillis: 0 });
    this.#owners.set(name, {
      ...was,
      checkouts: was.checkouts + checkouts,
      heldMillis: was.heldMillis + checkouts * heldMillis,
      idleMillis: was.idleMillis + checkouts * idleMillis,
      maxHeldMillis: Math.max(was.maxHeldMillis, heldMillis),
    });
    return this.count({ checkouts });
  }

  fansOut(fanOut: FanOutStats): this {
    const { requests = 0, peak = 0 } = this.#fanOuts.get(fanOut.route) ?? {};
    this.#fanOuts.set(fanOut.route, {
      ...fanOut,
      requests: requests + fanOut.requests,
      peak: Math.max(peak, fanOut.peak),
    });
    return this;
  }

  /** How it is from now on: connections, pending, holders, the last error. */
  is(now: KnownStats & { readonly holders?: readonly Holder[] }): this {
    this.#now = now;
    return this;
  }
}

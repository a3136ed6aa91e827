import { EventEmitter } from 'node:events';
import type { Leak, PoolMode, PoolStats } from '@lifeguard/pool';

type PoolEvent = 'leak' | 'leakEnded' | 'slow';

/** A pool of another process, as it was when that reported last: what a monitor can watch. */
export class RemotePool {
  readonly name: string;
  /** Of the process and thread that has it. */
  readonly source: string;
  readonly mode: PoolMode;
  readonly #leaks = new EventEmitter();
  #stats: PoolStats;
  /** When it ended, on the clock of whoever said so. */
  #endedAt: number | undefined;

  constructor(name: string, source: string, mode: PoolMode, stats: PoolStats) {
    this.name = name;
    this.source = source;
    this.mode = mode;
    this.#stats = stats;
  }

  get endedAt(): number | undefined {
    return this.#endedAt;
  }

  stats(): PoolStats {
    return this.#stats;
  }

  /** Of slow operations other processes tell in their own logs. */
  on(event: PoolEvent, listener: (leak: Leak) => void): void {
    this.#leaks.on(event, listener);
  }

  off(event: PoolEvent, listener: (leak: Leak) => void): void {
    this.#leaks.off(event, listener);
  }

  report(stats: PoolStats): void {
    this.#stats = stats;
  }

  leak(kind: 'leak' | 'leakEnded', leak: Leak): void {
    this.#leaks.emit(kind, leak);
  }

  /** It is no more: nobody holds or waits for anything. What it has counted stays. */
  end(at: number): void {
    if (this.#endedAt !== undefined) return;
    this.#endedAt = at;
    const { max, peak } = this.#stats.connections;
    this.#stats = {
      ...this.#stats,
      connections: { max, peak, total: 0, idle: 0, checkedOut: 0, shared: 0, connecting: 0 },
      pending: 0,
      inFlight: 0,
      holders: [],
      waiting: [],
      lastConnectError: undefined,
    };
  }
}

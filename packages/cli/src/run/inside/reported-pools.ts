import { createRequire } from 'node:module';
import type { RegisteredPool } from '@lifeguard/pool/register';
import type { Report, ReportedPool } from '../protocol.ts';

/** A program that makes a pool for every request must not be kept from losing them. */
const MOST_POOLS = 50;
const CLIENT_OF_PG = /[\\/]pg[\\/]lib[\\/]client\.js$/;
const { cache: loaded } = createRequire(import.meta.url);
const ALL = { top: Number.POSITIVE_INFINITY, buckets: true };

/** The pools of this process that are told of, each until its end has been told. */
export class ReportedPools {
  readonly #found: (entry: RegisteredPool, id: number) => void;
  readonly #entries = new Map<RegisteredPool, number>();
  #ids = 0;
  #unwatched = 0;

  constructor(found: (entry: RegisteredPool, id: number) => void) {
    this.#found = found;
  }

  add(entry: RegisteredPool): void {
    if (this.#entries.has(entry)) return;
    if (this.#entries.size >= MOST_POOLS) {
      this.#unwatched++;
      return;
    }
    const id = ++this.#ids;
    this.#entries.set(entry, id);
    this.#found(entry, id);
  }

  /** How they are now. One that has ended is told of for the last time. */
  report(): Report {
    const pools: ReportedPool[] = [];
    for (const [entry, id] of this.#entries) {
      const ended = entry.pool.ended;
      const stats = read(entry);
      if (stats) pools.push({ id, mode: entry.mode, stats, ended });
      if (ended) this.#entries.delete(entry);
    }
    return { kind: 'report', pools, unwatched: this.#unwatched, hasPg: this.#ids > 0 || hasPg() };
  }
}

/** Not by asking for it, which would load it. */
function hasPg(): boolean {
  return Object.keys(loaded).some((file) => CLIENT_OF_PG.test(file));
}

function read(entry: RegisteredPool): ReportedPool['stats'] | undefined {
  try {
    return entry.stats(ALL);
  } catch {
    // Its constructor has not come to its end.
    return undefined;
  }
}

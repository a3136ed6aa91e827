import { EventEmitter } from 'node:events';
import type { Inbox, Source } from './inbox.ts';
import type { Report } from './protocol.ts';
import { RemotePool } from './remote-pool.ts';

/** A pool that has ended is shown for as long as its charts reach back. */
const SHOWN_MILLIS = 900_000;
/** As many charts as there are; those that ended first go first. */
const MOST_SHOWN = 50;

interface RemotePoolsEvents {
  /** Seen for the first time. */
  found: [pool: RemotePool];
  /** `pool.stats()` is new. */
  reported: [pool: RemotePool];
}

/** The pools of all processes of the application, each under a name of its own. */
export class RemotePools extends EventEmitter<RemotePoolsEvents> {
  readonly #now: () => number;
  readonly #pools = new Map<string, RemotePool>();
  readonly #names = new Set<string>();
  #unwatched = 0;
  #hasPg = false;

  constructor(inbox: Inbox, now = () => performance.now()) {
    super();
    this.#now = now;
    inbox.on('message', (message, source) => {
      if (message.kind === 'report') this.#reported(message, source);
      else this.#pools.get(keyOf(source, message.pool))?.leak(message.kind, message.leak);
    });
    inbox.on('gone', (source) => {
      for (const pool of this.#pools.values()) {
        if (pool.source === keyOf(source)) pool.end(this.#now());
      }
    });
  }

  /** All that there have been, the first one first. */
  get all(): readonly RemotePool[] {
    return [...this.#pools.values()];
  }

  /** Pools that no report tells of, for there are too many in one process. */
  get unwatched(): number {
    return this.#unwatched;
  }

  /** Some process has loaded the driver, whether or not a pool of its was made. */
  get hasPg(): boolean {
    return this.#hasPg;
  }

  /** Those to show: what lives, and what has ended a while ago. For a monitor. */
  shown(): Record<string, RemotePool> {
    const since = this.#now() - SHOWN_MILLIS;
    const ended = this.all.filter(({ endedAt }) => endedAt !== undefined);
    const living = this.#pools.size - ended.length;
    const kept = ended
      .filter(({ endedAt = 0 }) => endedAt >= since)
      .slice(-Math.max(1, MOST_SHOWN - living));
    const pools = this.all.filter((pool) => pool.endedAt === undefined || kept.includes(pool));
    return Object.fromEntries(pools.map((pool) => [pool.name, pool]));
  }

  #reported({ pools, unwatched, hasPg }: Report, source: Source): void {
    this.#hasPg ||= hasPg;
    this.#unwatched = Math.max(this.#unwatched, unwatched);
    for (const { id, mode, stats, ended } of pools) {
      const key = keyOf(source, id);
      let pool = this.#pools.get(key);
      if (pool) {
        pool.report(stats);
      } else {
        pool = new RemotePool(this.#nameFor(source), keyOf(source), mode, stats);
        this.#pools.set(key, pool);
        this.emit('found', pool);
      }
      this.emit('reported', pool);
      if (ended) pool.end(this.#now());
    }
  }

  /** As short as tells it from the others: `server.js`, `server.js (4711)`, `server.js (4711) #2`. */
  #nameFor({ program, pid, thread }: Source): string {
    const ofProcess = `${program} (${pid}${thread === 0 ? '' : `, thread ${thread}`})`;
    const isFree = (name: string) => !this.#names.has(name);
    let name = isFree(program) ? program : ofProcess;
    for (let n = 2; !isFree(name); n++) name = `${ofProcess} #${n}`;
    this.#names.add(name);
    return name;
  }
}

function keyOf({ pid, thread }: Source, id?: number): string {
  return id === undefined ? `${pid}/${thread}` : `${pid}/${thread}/${id}`;
}

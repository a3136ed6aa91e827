import { EventEmitter } from 'node:events';
import type { PoolReading } from '../../series/figures.ts';
import type { DashboardSource } from '../dashboard.ts';

interface Snapshot {
  readonly number: number;
  readonly pools: readonly PoolReading[];
  readonly padding: string;
}

const NOTHING = { count: 0, p50Millis: 0, p99Millis: 0 };

/** A monitor that says what a test tells it to. */
export class FakeSource implements DashboardSource<Snapshot> {
  readonly #emitter = new EventEmitter();
  readonly #padding: string;
  /** What was done to its pool. */
  readonly acts: string[] = [];
  readonly pools = {
    main: {
      reset: () => void this.acts.push('reset'),
      query: async (text: string) => {
        this.acts.push(text);
        return { rows: [{ ended: true }] };
      },
    },
  };
  #number = 0;

  /** `weight`: characters that each snapshot has besides. */
  constructor(weight = 0) {
    this.#padding = 'x'.repeat(weight);
  }

  get listeners(): number {
    return this.#emitter.listenerCount('sample');
  }

  snapshot(): Snapshot {
    return { number: this.#number, pools: [this.pool()], padding: this.#padding };
  }

  /** The next sample. */
  sample(): void {
    this.#number++;
    this.#emitter.emit('sample', this.snapshot());
  }

  on(event: 'sample', listener: (snapshot: Snapshot) => void): void {
    this.#emitter.on(event, listener);
  }

  off(event: 'sample', listener: (snapshot: Snapshot) => void): void {
    this.#emitter.off(event, listener);
  }

  pool(): PoolReading {
    return {
      name: 'main',
      connections: { max: 5, total: 5, checkedOut: 1, shared: 0, connecting: 0 },
      pending: this.#number,
      totals: { statements: 10 * this.#number, timeouts: 0, shed: 0 },
      recent: { perSecond: { errors: 0 }, wait: NOTHING, service: NOTHING },
    };
  }
}

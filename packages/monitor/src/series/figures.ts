import type { Figures } from './history.ts';

/** Of a pool's snapshot, what a chart is drawn from. */
export interface PoolReading {
  readonly name: string;
  readonly connections: {
    readonly max: number;
    readonly total: number;
    readonly checkedOut: number;
    readonly shared: number;
    readonly connecting: number;
  };
  readonly pending: number;
  /** Since the pool began. */
  readonly totals: Readonly<Record<Counter, number>>;
  /** The last ten seconds. */
  readonly recent: {
    readonly perSecond: { readonly errors: number };
    readonly wait: Percentiles;
    readonly service: Percentiles;
  };
}

type Counter = 'statements' | 'timeouts' | 'shed';

interface Percentiles {
  readonly count: number;
  readonly p50Millis: number;
  readonly p99Millis: number;
}

/** What is drawn at this moment; `before`: the same pool's totals, so many seconds ago. */
export function figuresOf(
  { connections, pending, totals, recent }: PoolReading,
  before: PoolReading['totals'] | undefined,
  seconds: number,
): Figures {
  const rate = (counter: Counter) =>
    before && seconds > 0 ? grown(totals[counter], before[counter]) / seconds : Number.NaN;
  const { max, total, checkedOut, shared, connecting } = connections;
  return {
    max,
    total,
    checkedOut,
    shared,
    connecting,
    pending,
    statementsPerSecond: rate('statements'),
    errorsPerSecond: recent.perSecond.errors,
    timeoutsPerSecond: rate('timeouts'),
    shedPerSecond: rate('shed'),
    waitP50Millis: known(recent.wait, recent.wait.p50Millis),
    waitP99Millis: known(recent.wait, recent.wait.p99Millis),
    serviceP50Millis: known(recent.service, recent.service.p50Millis),
    serviceP99Millis: known(recent.service, recent.service.p99Millis),
  };
}

/** Where nothing was measured there is nothing to draw, rather than zero. */
function known({ count }: Percentiles, millis: number): number {
  return count > 0 ? millis : Number.NaN;
}

/** A counter that has become smaller is another pool's, under the same name. */
function grown(now: number, before: number): number {
  return now < before ? now : now - before;
}

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
  readonly totals: Readonly<Record<'statements' | 'timeouts' | 'shed', number>>;
  readonly breaker?: { readonly refused: number } | null | undefined;
  /** The last ten seconds. */
  readonly recent: {
    readonly perSecond: { readonly errors: number };
    readonly wait: Percentiles;
    readonly service: Percentiles;
  };
}

/** What only grows. */
export type Counters = Readonly<Record<'statements' | 'timeouts' | 'shed' | 'refused', number>>;

interface Percentiles {
  readonly count: number;
  readonly p50Millis: number;
  readonly p99Millis: number;
}

export function countersOf({ totals, breaker }: PoolReading): Counters {
  const { statements, timeouts, shed } = totals;
  return { statements, timeouts, shed, refused: breaker?.refused ?? 0 };
}

/** What is drawn at this moment; `before`: the same pool's counters, so many seconds ago. */
export function figuresOf(
  reading: PoolReading,
  before: Counters | undefined,
  seconds: number,
): Figures {
  const { connections, pending, recent } = reading;
  const counters = countersOf(reading);
  const rate = (counter: keyof Counters) =>
    before && seconds > 0 ? grown(counters[counter], before[counter]) / seconds : Number.NaN;
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
    breakerRefusedPerSecond: rate('refused'),
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

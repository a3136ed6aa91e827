import { type Logger, type SlowRecord, slowLine, writeTo } from '@lifeguard/monitor';
import { currentContext, type Pool, type SlowOperation } from '@lifeguard/pool';
import type { Operation } from '../extension/operation.ts';

/** Told of a slow operation: of those that are alike one in a minute, and 20 in all. */
export type OnSlow = (operation: SlowRecord) => void;

/** Who is told of operations that take long. */
export interface SlowTeller {
  readonly thresholdMillis: number;
  tell(operation: Operation, millis: number, hasFailed: boolean): void;
}

/** Tells the pool's listeners, so that whoever looks at the pool hears of statements and operations alike. */
export function slowTeller(pool: Pool, thresholdMillis: number): SlowTeller | undefined {
  if (thresholdMillis === 0) return undefined;
  return {
    thresholdMillis,
    tell(operation, millis, hasFailed) {
      pool.emit('slow', describe(operation, millis, hasFailed) satisfies SlowOperation);
    },
  };
}

function describe(operation: Operation, millis: number, hasFailed: boolean): SlowOperation {
  const { label, site, waitMillis, serverMillis, attempts } = operation;
  return {
    owner: label,
    site: site && (`${site}` || undefined),
    route: currentContext()?.request?.route,
    statement: undefined,
    millis,
    waitMillis,
    serverMillis,
    attempts: Math.max(1, attempts),
    hasFailed,
  };
}

/** In development the console says it, when the monitor writes no log. */
export function slowByDefault(logger: Logger | undefined): OnSlow | false {
  if (logger || process.env.NODE_ENV === 'production') return false;
  return (record) => writeTo(console, slowLine(record));
}

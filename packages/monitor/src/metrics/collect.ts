import type { HistogramSummary } from '@lifeguard/pool';
import type { PoolTotals } from '../monitor/totals.ts';
import { countsBetweenBounds } from './bounds.ts';
import { HISTOGRAMS, NUMBERS, POOL_NAME } from './instruments.ts';
import type { Distribution, Metric } from './metric.ts';

/** What is known of the pools now, figure by figure. Pure. */
export function collect(pools: readonly PoolTotals[]): Metric[] {
  return [...numbers(pools), ...histograms(pools)].filter(({ points }) => points.length > 0);
}

function numbers(pools: readonly PoolTotals[]): Metric[] {
  return NUMBERS.map(({ read, ...instrument }) => ({
    instrument,
    points: pools.flatMap((pool) =>
      read(pool).map(([value, attributes]) => ({
        attributes: { [POOL_NAME]: pool.name, ...attributes },
        value,
      })),
    ),
  }));
}

function histograms(pools: readonly PoolTotals[]): Metric[] {
  return HISTOGRAMS.map(({ read, attributes, ...instrument }) => ({
    instrument,
    points: pools.map(({ name, stats }) => ({
      attributes: { [POOL_NAME]: name, ...attributes },
      value: distribution(read(stats)),
    })),
  }));
}

function distribution({ buckets }: HistogramSummary): Distribution {
  const { from, counts, sumMillis } = buckets ?? { from: 0, counts: [], sumMillis: 0 };
  return {
    counts: countsBetweenBounds({ from, counts, sumMillis }),
    sumSeconds: sumMillis / 1_000,
  };
}

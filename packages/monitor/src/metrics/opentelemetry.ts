import { type Attributes, type MeterProvider, metrics } from '@opentelemetry/api';
import type { Monitor } from '../monitor/monitor.ts';
import type { PoolTotals } from '../monitor/totals.ts';
import { laterDurations } from '../sampling/difference.ts';
import { BOUNDS, middleSeconds } from './bounds.ts';
import { HISTOGRAMS, NUMBERS, POOL_NAME } from './instruments.ts';
import { SCOPE } from './scope.ts';

export { metricProducer, type ProducedMetrics } from './producer.ts';

/**
 * Records the monitor's figures with OpenTelemetry, under the semantic conventions' names. Without an SDK
 * it costs next to nothing.
 *
 * Durations are recorded once a second, from now on, each as the middle of the pool's bucket that it fell
 * in (right within 5 %). An SDK takes about half a microsecond for each: a pool with many thousands of
 * statements a second is better read by {@link metricProducer}.
 *
 * @param provider whose meter is taken; default the global one, which has to be set by then.
 * @returns a function that ends it.
 */
export function recordMetrics(
  monitor: Monitor,
  provider: MeterProvider = metrics.getMeterProvider(),
): () => void {
  const meter = provider.getMeter(SCOPE);
  const numbers = NUMBERS.map(({ name, type, unit, description, read }) => ({
    observable: meter[CREATE[type]](name, { unit, description }),
    read,
  }));
  const histograms = HISTOGRAMS.map(({ name, unit, description, attributes, read }) => ({
    histogram: meter.createHistogram(name, {
      unit,
      description,
      advice: { explicitBucketBoundaries: [...BOUNDS] },
    }),
    attributes,
    read,
  }));

  const recorded = new Map<string, PoolTotals['stats']>();
  const record = (pools: readonly PoolTotals[]) => {
    for (const { name, stats } of pools) {
      const before = recorded.get(name);
      recorded.set(name, stats);
      for (const { histogram, attributes, read } of histograms) {
        const all: Attributes = { [POOL_NAME]: name, ...attributes };
        const summary = read(stats);
        const { buckets } = before ? laterDurations(summary, read(before)) : summary;
        if (!buckets) continue;
        for (const [i, count] of buckets.counts.entries()) {
          const seconds = middleSeconds(buckets.from + i);
          for (let n = 0; n < count; n++) histogram.record(seconds, all);
        }
      }
    }
  };
  // What came before is no news: it would be recorded all in this second.
  for (const { name, stats } of monitor.totals()) recorded.set(name, stats);

  const onTick = () => record(monitor.totals());
  const observe: Parameters<typeof meter.addBatchObservableCallback>[0] = (result) => {
    const pools = monitor.totals();
    record(pools);
    for (const pool of pools) {
      for (const { observable, read } of numbers) {
        for (const [value, attributes] of read(pool)) {
          result.observe(observable, value, { [POOL_NAME]: pool.name, ...attributes });
        }
      }
    }
  };
  const observables = numbers.map(({ observable }) => observable);
  meter.addBatchObservableCallback(observe, observables);
  monitor.on('tick', onTick);
  return () => {
    monitor.off('tick', onTick);
    meter.removeBatchObservableCallback(observe, observables);
  };
}

const CREATE = {
  gauge: 'createObservableGauge',
  upDown: 'createObservableUpDownCounter',
  counter: 'createObservableCounter',
} as const;

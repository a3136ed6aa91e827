import type { Monitor } from '../monitor/monitor.ts';
import { BOUNDS } from './bounds.ts';
import { collect } from './collect.ts';
import type { Attributes, Distribution, Instrument, Metric } from './metric.ts';
import { SCOPE } from './scope.ts';

type HrTime = [seconds: number, nanoseconds: number];

interface Point<T> {
  readonly startTime: HrTime;
  readonly endTime: HrTime;
  readonly attributes: Record<string, string>;
  readonly value: T;
}

interface Descriptor {
  readonly name: string;
  readonly description: string;
  readonly unit: string;
  /** ValueType.DOUBLE */
  readonly valueType: 1;
}

/** AggregationTemporality.CUMULATIVE: everything since the pool began. */
const CUMULATIVE = 1;
/** DataPointType of the SDK, which is not imported: only its shape is needed. */
const HISTOGRAM = 0;
const GAUGE = 2;
const SUM = 3;

interface Base {
  readonly descriptor: Descriptor;
  readonly aggregationTemporality: typeof CUMULATIVE;
}

interface BucketsOf {
  readonly buckets: { boundaries: number[]; counts: number[] };
  readonly sum: number;
  readonly count: number;
}

export type ProducedMetric =
  | (Base & { readonly dataPointType: typeof GAUGE; readonly dataPoints: Point<number>[] })
  | (Base & {
      readonly dataPointType: typeof SUM;
      readonly isMonotonic: boolean;
      readonly dataPoints: Point<number>[];
    })
  | (Base & { readonly dataPointType: typeof HISTOGRAM; readonly dataPoints: Point<BucketsOf>[] });

/** The SDK's `CollectionResult`; readers put their own resource in the place of this one. */
export interface ProducedMetrics {
  readonly resourceMetrics: {
    readonly resource: never;
    readonly scopeMetrics: { scope: { name: string }; metrics: ProducedMetric[] }[];
  };
  readonly errors: unknown[];
}

/**
 * The monitor's figures for a reader of OpenTelemetry's SDK 2, as
 * `new PeriodicExportingMetricReader({ exporter, metricProducers: [metricProducer(monitor)] })`. Durations
 * come as the pool has counted them, so that a busy pool costs no more than an idle one.
 */
export function metricProducer(monitor: Monitor): { collect(): Promise<ProducedMetrics> } {
  // Nobody knows when a pool began; what it has counted until now came in no time at all.
  const startTime = toHrTime(Date.now());
  return {
    async collect() {
      const endTime = toHrTime(Date.now());
      const metrics = collect(monitor.totals()).map((metric) =>
        produced(metric, startTime, endTime),
      );
      return {
        resourceMetrics: {
          resource: { attributes: {} } as never,
          scopeMetrics: [{ scope: { name: SCOPE }, metrics }],
        },
        errors: [],
      };
    },
  };
}

function produced(
  { instrument, points }: Metric,
  startTime: HrTime,
  endTime: HrTime,
): ProducedMetric {
  const base: Base = { descriptor: descriptorOf(instrument), aggregationTemporality: CUMULATIVE };
  const dated = <T>(value: T, attributes: Attributes): Point<T> => ({
    startTime,
    endTime,
    attributes: { ...attributes },
    value,
  });
  const numbers = () => points.map(({ value, attributes }) => dated(value as number, attributes));
  switch (instrument.type) {
    case 'histogram': {
      const dataPoints = points.map(({ value, attributes }) =>
        dated(bucketsOf(value as Distribution), attributes),
      );
      return { ...base, dataPointType: HISTOGRAM, dataPoints };
    }
    case 'gauge':
      return { ...base, dataPointType: GAUGE, dataPoints: numbers() };
    default: {
      const isMonotonic = instrument.type === 'counter';
      return { ...base, dataPointType: SUM, isMonotonic, dataPoints: numbers() };
    }
  }
}

function bucketsOf({ counts, sumSeconds }: Distribution): BucketsOf {
  return {
    buckets: { boundaries: [...BOUNDS], counts: [...counts] },
    sum: sumSeconds,
    count: counts.reduce((sum, count) => sum + count, 0),
  };
}

function descriptorOf({ name, description, unit }: Instrument): Descriptor {
  return { name, description, unit, valueType: 1 };
}

function toHrTime(millis: number): HrTime {
  return [Math.trunc(millis / 1_000), (millis % 1_000) * 1_000_000];
}

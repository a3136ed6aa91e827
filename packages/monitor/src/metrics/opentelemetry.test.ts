import {
  AggregationTemporality,
  DataPointType,
  InMemoryMetricExporter,
  MeterProvider,
  type MetricData,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createMonitor, type Monitor } from '../monitor/monitor.ts';
import { FakeClock } from '../testing/fake-clock.ts';
import { madeUpStats } from '../testing/pool-stats.ts';
import { histogram } from '../testing/totals.ts';
import { metricProducer, recordMetrics } from './opentelemetry.ts';

const BOUNDS = [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10];
const CONNECTION = 'db.client.connection';

let clock: FakeClock;
let stats: ReturnType<typeof madeUpStats>;
let monitor: Monitor;
let exporter: InMemoryMetricExporter;
let provider: MeterProvider;

beforeEach(() => {
  clock = new FakeClock();
  stats = madeUpStats();
  monitor = createMonitor({
    pools: { main: { stats: () => stats, options: { min: 2 } } },
    breakers: { main: { status: () => ({ state: 'half-open', retryAfterMillis: 9, refused: 6 }) } },
    replicas: { main: () => [{ name: 'r1', isUp: true, lagMillis: 1_500 }] },
    clock,
  }).start();
  exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
});
afterEach(async () => {
  monitor.stop();
  await provider.shutdown();
});

/** A pool after a while. */
function worked() {
  return madeUpStats({
    connections: { idle: 2, checkedOut: 2, shared: 1 },
    pending: 7,
    counts: { timeouts: 3, shed: 4, statements: 60 },
    errors: { '23505': 4 },
    // Bucket 80 ends at 1.1 ms, 120 at 35.8 ms.
    wait: histogram(80, [10, ...new Array(39).fill(0), 5], 180),
    use: histogram(160, [3], 3_000),
    create: histogram(112, [5], 90),
    service: histogram(80, [60], 64),
  });
}

async function read(): Promise<Map<string, MetricData>> {
  exporter.reset();
  await provider.forceFlush();
  const [{ scopeMetrics } = { scopeMetrics: [] }] = exporter.getMetrics();
  const metrics = scopeMetrics
    .filter(({ scope }) => scope.name === '@lifeguard/monitor')
    .flatMap(({ metrics }) => metrics);
  return new Map(metrics.map((metric) => [metric.descriptor.name, metric]));
}

const ways = {
  'through the API': () => {
    provider = new MeterProvider({
      readers: [new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 1e8 })],
    });
    return recordMetrics(monitor, provider);
  },
  'as a producer of a reader': () => {
    provider = new MeterProvider({
      readers: [
        new PeriodicExportingMetricReader({
          exporter,
          exportIntervalMillis: 1e8,
          metricProducers: [metricProducer(monitor)],
        }),
      ],
    });
    return () => {};
  },
};

describe.each(Object.entries(ways))('%s', (_, begin) => {
  test('names, units, kinds and values are the semantic conventions’', async () => {
    begin();
    stats = worked();
    clock.advance(1_000);
    const metrics = await read();
    const told = [...metrics.values()]
      .filter(({ descriptor }) => descriptor.name.startsWith('db.'))
      .map(({ descriptor: { name, unit }, dataPointType, ...rest }) => [
        name,
        unit,
        DataPointType[dataPointType],
        ...('isMonotonic' in rest ? [rest.isMonotonic] : []),
      ]);
    expect(told.toSorted()).toEqual([
      [`${CONNECTION}.count`, '{connection}', 'SUM', false],
      [`${CONNECTION}.create_time`, 's', 'HISTOGRAM'],
      [`${CONNECTION}.idle.max`, '{connection}', 'SUM', false],
      [`${CONNECTION}.idle.min`, '{connection}', 'SUM', false],
      [`${CONNECTION}.max`, '{connection}', 'SUM', false],
      [`${CONNECTION}.pending_requests`, '{request}', 'SUM', false],
      [`${CONNECTION}.timeouts`, '{timeout}', 'SUM', true],
      [`${CONNECTION}.use_time`, 's', 'HISTOGRAM'],
      [`${CONNECTION}.wait_time`, 's', 'HISTOGRAM'],
      ['db.client.operation.duration', 's', 'HISTOGRAM'],
    ]);

    const pool = { [`${CONNECTION}.pool.name`]: 'main' };
    const points = (name: string) =>
      metrics.get(name)?.dataPoints.map(({ attributes, value }) => [value, attributes]);
    expect(points(`${CONNECTION}.count`)).toEqual([
      [2, { ...pool, [`${CONNECTION}.state`]: 'idle' }],
      [3, { ...pool, [`${CONNECTION}.state`]: 'used' }],
    ]);
    expect(points(`${CONNECTION}.max`)).toEqual([[5, pool]]);
    expect(points(`${CONNECTION}.idle.max`)).toEqual([[5, pool]]);
    expect(points(`${CONNECTION}.idle.min`)).toEqual([[2, pool]]);
    expect(points(`${CONNECTION}.pending_requests`)).toEqual([[7, pool]]);
    expect(points(`${CONNECTION}.timeouts`)).toEqual([[3, pool]]);
    expect(points('lifeguard.pool.shed')).toEqual([[4, pool]]);
    expect(points('lifeguard.pool.errors')).toEqual([[4, { ...pool, 'error.type': '23505' }]]);
    expect(points('lifeguard.breaker.open')).toEqual([[0.5, pool]]);
    expect(points('lifeguard.breaker.refused')).toEqual([[6, pool]]);
    expect(points('lifeguard.replica.lag')).toEqual([
      [1.5, { ...pool, 'lifeguard.replica.name': 'r1' }],
    ]);
    expect(points('lifeguard.incidents.active')).toContainEqual([
      1,
      { ...pool, 'lifeguard.incident.kind': 'pool-exhausted' },
    ]);
  });

  test('durations are in the advised buckets', async () => {
    begin();
    stats = worked();
    clock.advance(1_000);
    const metrics = await read();
    const [wait] = metrics.get(`${CONNECTION}.wait_time`)?.dataPoints ?? [];
    expect(wait?.value).toMatchObject({
      count: 15,
      buckets: { boundaries: BOUNDS, counts: [0, 10, 0, 5, 0, 0, 0, 0, 0, 0] },
    });
    expect((wait?.value as { sum: number } | undefined)?.sum).toBeCloseTo(0.18, 2);
    const [service] = metrics.get('db.client.operation.duration')?.dataPoints ?? [];
    expect(service?.attributes).toEqual({
      [`${CONNECTION}.pool.name`]: 'main',
      'db.system.name': 'postgresql',
    });
    expect(service?.value).toMatchObject({ count: 60 });
  });

  test('nothing is counted twice, however often it is read', async () => {
    begin();
    stats = worked();
    clock.advance(3_000);
    await read();
    clock.advance(3_000);
    const metrics = await read();
    expect(metrics.get(`${CONNECTION}.wait_time`)?.dataPoints[0]?.value).toMatchObject({
      count: 15,
    });
  });
});

describe('through the API', () => {
  test('what came before is not recorded, and what comes after it was ended neither', async () => {
    stats = madeUpStats({ wait: histogram(80, [1_000_000], 1e6) });
    const end = ways['through the API']();
    stats = madeUpStats({ wait: histogram(80, [1_000_002], 1e6) });
    clock.advance(1_000);
    const waits = async () => (await read()).get(`${CONNECTION}.wait_time`)?.dataPoints[0]?.value;
    expect(await waits()).toMatchObject({ count: 2 });
    end();
    stats = madeUpStats({ wait: histogram(80, [1_000_009], 1e6) });
    clock.advance(1_000);
    expect(await waits()).toMatchObject({ count: 2 });
  });

  test('without an SDK nothing happens, and nothing fails', () => {
    provider = new MeterProvider();
    recordMetrics(monitor)();
  });
});

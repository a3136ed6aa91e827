import { Pool } from '@lifeguard/pool';
import { type PostgresServer, startPostgres } from '@lifeguard/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createMonitor } from '../monitor/monitor.ts';
import { madeUpStats } from '../testing/pool-stats.ts';
import { checkMetrics, PROMTOOL_LIMIT_MILLIS } from '../testing/promtool.ts';
import { histogram, madeUpTotals } from '../testing/totals.ts';
import { collect } from './collect.ts';
import { createMetrics } from './handler.ts';
import { toPrometheus } from './prometheus.ts';

const everything = madeUpTotals({
  name: 'main "primary" \\ 1\n2',
  stats: madeUpStats({
    connections: { idle: 2, checkedOut: 2, shared: 1 },
    pending: 7,
    counts: { timeouts: 3, statements: 1_234_567 },
    errors: { '23505': 4, ECONNRESET: 1 },
    // Buckets 79 to 82 are around 1 ms, 239 and 240 beyond 10 s.
    wait: histogram(79, [5, 0, 1], 6),
    use: histogram(200, [1], 34_000),
  }),
  fullMillis: 2_500,
  breaker: { state: 'open', retryAfterMillis: 100 },
  replicas: [{ name: 'r1', isUp: true, lagMillis: 1_500 }],
  incidents: { active: { leak: 1, 'pool-exhausted': 0 }, begun: { leak: 2, 'pool-exhausted': 9 } },
});

function sampleOf(text: string, start: string): string[] {
  return text.split('\n').filter((line) => line.startsWith(start));
}

describe('text format', () => {
  const text = toPrometheus(collect([everything]));

  test(
    'promtool reads it, and only dislikes a name that OpenTelemetry has given',
    async () => {
      const { status, said } = await checkMetrics(text);
      expect(status).toBe(3);
      expect(said).toEqual([
        'db_client_connection_count non-histogram and non-summary metrics should not have "_count" suffix',
      ]);
    },
    PROMTOOL_LIMIT_MILLIS,
  );

  test('promtool would have found an error', async () => {
    const broken = text.replace('_bucket{', '_bucket{=');
    expect((await checkMetrics(broken)).status).toBe(1);
  });

  test('names and units are those that OpenTelemetry’s become', () => {
    const families = sampleOf(text, '# TYPE db_').map((line) => line.split(' ').slice(2));
    expect(families).toEqual([
      ['db_client_connection_count', 'gauge'],
      ['db_client_connection_idle_max', 'gauge'],
      ['db_client_connection_idle_min', 'gauge'],
      ['db_client_connection_max', 'gauge'],
      ['db_client_connection_pending_requests', 'gauge'],
      ['db_client_connection_timeouts_total', 'counter'],
      ['db_client_connection_create_time_seconds', 'histogram'],
      ['db_client_connection_wait_time_seconds', 'histogram'],
      ['db_client_connection_use_time_seconds', 'histogram'],
      ['db_client_operation_duration_seconds', 'histogram'],
    ]);
  });

  test('histograms are cumulative, with sum and count', () => {
    const name = 'db_client_connection_wait_time_seconds';
    const lines = sampleOf(text, name).map((line) => [
      /le="([^"]*)"/.exec(line)?.[1] ?? line.slice(name.length + 1, line.indexOf('{')),
      Number(line.slice(line.lastIndexOf(' '))),
    ]);
    expect(lines).toEqual([
      ['0.001', 5],
      ['0.005', 6],
      ['0.01', 6],
      ['0.05', 6],
      ['0.1', 6],
      ['0.5', 6],
      ['1.0', 6],
      ['5.0', 6],
      ['10.0', 6],
      ['+Inf', 6],
      ['sum', 0.006],
      ['count', 6],
    ]);
    expect(sampleOf(text, 'db_client_connection_use_time_seconds_bucket').at(-2)).toMatch(
      /"10.0"} 0$/,
    );
  });

  test('label values are escaped', () => {
    expect(sampleOf(text, 'db_client_connection_pending_requests')).toEqual([
      'db_client_connection_pending_requests{db_client_connection_pool_name="main \\"primary\\" \\\\ 1\\n2"} 7',
    ]);
  });

  test('what is not there is not told', () => {
    const plain = toPrometheus(collect([madeUpTotals()]));
    expect(plain).not.toMatch(/breaker|replica|lifeguard_incidents|errors/);
    expect(toPrometheus(collect([]))).toBe('\n');
  });
});

describe('OpenMetrics', () => {
  const text = toPrometheus(collect([everything]), 'openmetrics');

  test('counters are named without their suffix, units are told, and the end is marked', () => {
    expect(text).toContain('# TYPE db_client_connection_timeouts counter\n');
    expect(text).toContain('\ndb_client_connection_timeouts_total{');
    expect(text).toContain('# UNIT db_client_connection_wait_time_seconds seconds\n');
    expect(text).toMatch(/\n# EOF\n$/);
    expect(text).not.toContain('\n\n');
  });
});

describe('a real pool', () => {
  let server: PostgresServer;
  beforeAll(async () => {
    server = await startPostgres();
  });
  afterAll(() => server.stop('immediate'));

  test('is scraped', async () => {
    await using pool = new Pool({ connectionString: server.url(), max: 4, min: 1 });
    const monitor = createMonitor({ pools: { main: pool } });
    for (let i = 0; i < 20; i++) await pool.query('SELECT 1');
    await expect(pool.query('SELECT 1 / 0')).rejects.toThrow();
    const metrics = createMetrics(monitor, { open: true, env: {} });
    const response = await metrics(new Request('http://app:3000/metrics'));
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
    const text = await response.text();
    expect((await checkMetrics(text)).status).toBe(3);
    const label = 'db_client_connection_pool_name="main"';
    expect(text).toContain(`db_client_connection_idle_min{${label}} 1\n`);
    expect(text).toContain(
      `db_client_operation_duration_seconds_count{${label},db_system_name="postgresql"} 21\n`,
    );
    expect(text).toContain(`lifeguard_pool_errors_total{${label},error_type="22012"} 1\n`);
  });
});

describe('the address', () => {
  const monitor = createMonitor({ pools: { main: { stats: () => madeUpStats() } } });
  const token = 'a-token-that-is-long-enough';
  const scrape = createMetrics(monitor, { token, env: {} });
  const at = (headers = {}) => new Request('http://app:3000/metrics', { headers });

  test.each([
    ['nobody', {}, undefined, 401],
    ['the token', { authorization: `Bearer ${token}` }, undefined, 200],
    ['loopback by another name', {}, { remoteAddress: '127.0.0.1' }, 401],
    ['another site', { origin: 'https://evil.example' }, undefined, 403],
  ])('for %s', async (_, headers, context, status) => {
    expect((await scrape(at(headers), context)).status).toBe(status);
  });

  test('tells OpenMetrics to who asks for it', async () => {
    const accept = 'application/openmetrics-text;version=1.0.0;q=0.6,text/plain;q=0.3';
    const response = await scrape(at({ accept, authorization: `Bearer ${token}` }));
    expect(response.headers.get('content-type')).toMatch(/^application\/openmetrics-text/);
    expect(await response.text()).toMatch(/# EOF\n$/);
  });

  test('a pool that fails is no reason to tell why', async () => {
    const failing = createMonitor({
      pools: () => {
        if (count++ > 0) throw new Error('postgres://user:secret@db');
        return {};
      },
    });
    const response = await createMetrics(failing, { open: true, env: {} })(at());
    expect([response.status, await response.text()]).toEqual([
      500,
      '{"error":"The metrics could not be read."}',
    ]);
  });
  let count = 0;
});

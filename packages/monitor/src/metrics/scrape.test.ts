import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Pool } from '@lifeguard/pool';
import { startPostgres } from '@lifeguard/testkit';
import { expect, test } from 'vitest';
import { toNodeHandler } from '../http/node.ts';
import { createMonitor } from '../monitor/monitor.ts';
import { PROMETHEUS_LIMIT_MILLIS, Prometheus } from '../testing/prometheus.ts';
import { createMetrics } from './handler.ts';

const LIMIT = { timeout: 20_000, interval: 200 };

const grafana = JSON.parse(
  readFileSync(new URL('../../grafana/lifeguard.json', import.meta.url), 'utf8'),
) as { panels: { targets?: { expr: string }[] }[] };
/** With what Grafana fills in. */
const expressions = grafana.panels
  .flatMap(({ targets = [] }) => targets.map(({ expr }) => expr))
  .map((expr) => expr.replaceAll(/\$__(rate_interval|range)/g, '1m').replaceAll(/\$\w+/g, '.*'));

test(
  'a real Prometheus scrapes it, as OpenMetrics, and answers what Grafana asks',
  async () => {
    await using server = await startPostgres();
    await using pool = new Pool({ connectionString: server.url(), max: 3 });
    const breaker = { status: () => ({ state: 'half-open', retryAfterMillis: 0 }) as const };
    const monitor = createMonitor({
      pools: { 'main "1"\\': pool },
      breakers: { 'main "1"\\': breaker },
      replicas: { 'main "1"\\': () => [{ name: 'r1', isUp: true, lagMillis: 1_500 }] },
    }).start();
    const metrics = createMetrics(monitor, { open: true, env: {} });
    const types = new Set<string | null>();
    const application = createServer(
      toNodeHandler(async (request) => {
        const response = await metrics(request);
        types.add(response.headers.get('content-type'));
        return response;
      }),
    );
    await new Promise<void>((resolve) => {
      application.listen(0, '127.0.0.1', resolve);
    });
    const { port } = application.address() as AddressInfo;
    const prometheus = await Prometheus.scraping(`http://127.0.0.1:${port}/metrics`);
    try {
      await expect
        .poll(() => prometheus.target(), LIMIT)
        .toMatchObject({ health: 'up', lastError: '' });
      expect([...types]).toEqual(['application/openmetrics-text; version=1.0.0; charset=utf-8']);
      const rate = 'rate(db_client_operation_duration_seconds_count[1m]) > 0';
      await expect
        .poll(async () => {
          await pool.query('SELECT 1');
          return (await prometheus.query(rate)).length;
        }, LIMIT)
        .toBe(1);
      const [most] = await prometheus.query('db_client_connection_max == 3');
      expect(most?.metric.db_client_connection_pool_name).toBe('main "1"\\');
      expect(await prometheus.query('lifeguard_replica_lag_seconds == 1.5')).toHaveLength(1);
      for (const expression of expressions) await prometheus.query(expression);
      await expect(prometheus.query('sum(')).rejects.toThrow('parse error');
    } finally {
      await prometheus.stop();
      monitor.stop();
      application.close();
      application.closeAllConnections();
    }
  },
  PROMETHEUS_LIMIT_MILLIS,
);

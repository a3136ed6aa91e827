import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Monitor } from '../../monitor/monitor.ts';
import { createDashboard, type DashboardOptions } from '../dashboard.ts';

/** The dashboard of a monitor on a free port. */
export async function serveMonitor(monitor: Monitor, options: DashboardOptions = {}) {
  const dashboard = createDashboard(monitor, { env: {}, ...options });
  const server = createServer(dashboard.node);
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    async stop(): Promise<void> {
      dashboard.close();
      monitor.stop();
      await new Promise((resolve) => {
        server.close(resolve);
        server.closeAllConnections();
      });
    },
  };
}

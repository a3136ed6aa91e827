import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createDashboard, type DashboardSnapshot, type DashboardSource } from '@lifeguard/monitor';
import type { Cleanups } from '../frame/cleanups.ts';
import { UserError } from '../frame/user-error.ts';

/** The same one each time, so that a page that is open finds the next run. */
const USUAL_PORT = 9432;
const HOST = '127.0.0.1';

/**
 * Serves the dashboard of a source to whoever sits at this machine, until the end; returns its address.
 *
 * @param port 0: any free one. Undefined: the usual one, else any.
 * @throws {UserError} when the port that was asked for is taken.
 */
export async function servePage<S extends DashboardSnapshot>(
  source: DashboardSource<S>,
  port: number | undefined,
  cleanups: Cleanups,
): Promise<string> {
  // No token, no surroundings: what lets in somebody else is none of this page's.
  const dashboard = createDashboard(source, { loopback: true, env: {} });
  const server = createServer(dashboard.node);
  const listen = (wanted: number) =>
    new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(wanted, HOST, () => {
        server.off('error', reject);
        resolve();
      });
    });
  try {
    await listen(port ?? USUAL_PORT);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (port !== undefined) {
      throw new UserError(
        `the page can’t be served on port ${port} (${code}): give another --port`,
      );
    }
    await listen(0);
  }
  cleanups.add(() => {
    dashboard.close();
    server.close();
    server.closeAllConnections();
  });
  return `http://${HOST}:${(server.address() as AddressInfo).port}/`;
}

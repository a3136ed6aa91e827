import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { Pool, withOwner } from '@lifeguard/pool';
import { createMonitor, type Monitor } from '../../monitor/monitor.ts';
import { createDashboard, type Dashboard } from '../dashboard.ts';

/** A real pool under load, with its dashboard. */
export class Shop {
  readonly pool: Pool;
  readonly monitor: Monitor;
  readonly dashboard: Dashboard;
  readonly #server: Server;
  readonly #load: Promise<void>[] = [];
  #isOpen = true;

  constructor(databaseUrl: string) {
    this.pool = new Pool({ connectionString: databaseUrl, max: 3, connectionTimeoutMillis: 1_000 });
    this.pool.on('error', () => {});
    this.monitor = createMonitor({ pools: { main: this.pool } }).start();
    this.dashboard = createDashboard(this.monitor, { env: {} });
    this.#server = createServer(this.dashboard.node);
  }

  async open(): Promise<string> {
    await this.listen(0);
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/`;
  }

  /** Visitors who read one page after the other. */
  visit(visitors: number): void {
    this.#go(visitors, () => this.pool.query('SELECT $1::int AS product', [1]));
  }

  /** Shoppers whose payment is called inside the transaction. */
  checkOut(shoppers: number): void {
    this.#go(shoppers, () =>
      withOwner('place order', async () => {
        const client = await this.pool.connect();
        try {
          await client.query('BEGIN');
          await client.query('SELECT 1');
          await pause(300);
          await client.query('COMMIT');
        } finally {
          client.release();
        }
      }),
    );
  }

  /** The application is gone: every connection is cut, and nobody answers. */
  async cut(): Promise<void> {
    await new Promise((resolve) => {
      this.#server.close(resolve);
      this.#server.closeAllConnections();
    });
  }

  listen(port: number): Promise<void> {
    return new Promise((resolve) => {
      this.#server.listen(port, '127.0.0.1', resolve);
    });
  }

  async close(): Promise<void> {
    this.#isOpen = false;
    await Promise.all(this.#load);
    this.dashboard.close();
    this.monitor.stop();
    await this.cut();
    await this.pool.end();
  }

  #go(count: number, once: () => Promise<unknown>): void {
    for (let i = 0; i < count; i++) {
      this.#load.push(
        (async () => {
          while (this.#isOpen) {
            await once().catch(() => {});
            await pause(20);
          }
        })(),
      );
    }
  }
}

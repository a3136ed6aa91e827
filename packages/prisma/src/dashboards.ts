import {
  createDashboard,
  type Dashboard,
  type DashboardOptions,
  type Monitor,
} from '@lifeguard/monitor';

/** The dashboards of a client. Their event streams never end by themselves: a shutdown would wait for them. */
export class Dashboards {
  readonly #monitor: Monitor;
  readonly #open = new Set<Dashboard>();

  constructor(monitor: Monitor) {
    this.#monitor = monitor;
  }

  open(options?: DashboardOptions): Dashboard {
    const dashboard = createDashboard(this.#monitor, options);
    this.#open.add(dashboard);
    return dashboard;
  }

  close(): void {
    for (const dashboard of this.#open) dashboard.close();
    this.#open.clear();
  }
}

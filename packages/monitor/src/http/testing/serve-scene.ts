import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createMonitor } from '../../monitor/monitor.ts';
import { FakeClock } from '../../testing/fake-clock.ts';
import { createDashboard, type Dashboard, type DashboardOptions } from '../dashboard.ts';
import { SCENES, type Scene, type SceneName } from './scenes.ts';

export interface ServedScene {
  readonly address: string;
  readonly port: number;
  readonly dashboard: Dashboard;
  /** Lets so many seconds of the story pass. */
  advance(seconds: number): void;
  /** Cuts every connection and answers no more. */
  cut(): Promise<void>;
  /** Answers again. */
  resume(): Promise<void>;
  stop(): Promise<void>;
}

/**
 * A scene with a dashboard on a free port. Its past is over at once; it goes on when it is told to.
 * `past`: so many seconds of it, where that is not all.
 */
export async function serveScene(
  name: SceneName,
  { past, ...options }: DashboardOptions & { past?: number } = {},
): Promise<ServedScene> {
  const { pools, around, story, past: allPast }: Scene = SCENES[name]();
  const clock = new FakeClock();
  const monitor = createMonitor({ pools, ...around, clock }).start();
  const dashboard = createDashboard(monitor, { env: {}, ...options, clock });
  let second = 0;
  const advance = (seconds: number) => {
    for (let i = 0; i < seconds; i++) {
      story(second++);
      clock.advance(1_000);
    }
  };
  advance(past ?? allPast);
  const server = createServer(dashboard.node);
  const listen = (port: number) =>
    new Promise<void>((resolve) => {
      server.listen(port, '127.0.0.1', resolve);
    });
  await listen(0);
  const { port } = server.address() as AddressInfo;
  const cut = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return {
    address: `http://127.0.0.1:${port}/`,
    port,
    dashboard,
    advance,
    cut,
    resume: () => listen(port),
    stop() {
      dashboard.close();
      monitor.stop();
      return cut();
    },
  };
}

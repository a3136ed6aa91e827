import { randomBytes } from 'node:crypto';
import { type Clock, systemClock } from '../clock.ts';
import type { PoolReading } from '../series/figures.ts';
import type { SeriesSlice } from '../series/history.ts';
import { Series } from '../series/series.ts';
import { Access, type AccessOptions } from './access/access.ts';
import { type ActionTarget, actOn } from './actions/act.ts';
import type { ActionName } from './actions/actions.ts';
import { Feed } from './events/feed.ts';
import { Handler } from './handler.ts';
import { type NodeHandler, toNodeHandler } from './node.ts';

/** Each holds a socket of the application's. */
const MOST_CLIENTS = 50;

/** What the dashboard shows: a monitor. */
export interface DashboardSource<S extends DashboardSnapshot = DashboardSnapshot> {
  /** All that is known now, as plain JSON, without parameters and secrets. */
  snapshot(): S;
  /** Calls the listener with every sample, once a second. */
  on(event: 'sample', listener: (snapshot: S) => void): unknown;
  off(event: 'sample', listener: (snapshot: S) => void): unknown;
  /** What actions act on. */
  readonly pools?: Readonly<Record<string, ActionTarget>> | undefined;
  /** A monitor that is not started is started: a page that stands still would look alive. */
  readonly isStarted?: boolean | undefined;
  start?(): unknown;
}

export interface DashboardSnapshot {
  readonly pools: readonly PoolReading[];
}

export interface DashboardOptions extends AccessOptions {
  /** What may be done from the page by who has shown the token. Default: nothing. */
  readonly actions?: readonly ActionName[] | undefined;
  /** Pages that look at once; further ones are told 503. Default: 50. */
  readonly maxClients?: number | undefined;
  /** For tests. */
  readonly clock?: Clock | undefined;
  /** For tests. */
  readonly env?: NodeJS.ProcessEnv | undefined;
}

/** One state of the page: what it shows, and the rows for its charts that it has not got yet. */
export interface DashboardState<S extends DashboardSnapshot = DashboardSnapshot> {
  readonly snapshot: S;
  readonly series: SeriesSlice;
}

export interface Dashboard {
  /**
   * Answers whatever is asked of the address at which it is mounted. `context`: what the framework hands
   * over besides, such as Hono's `c.env`, or `{ remoteAddress }`; without it nobody counts as local.
   */
  readonly fetch: (request: Request, context?: unknown) => Promise<Response>;
  /** The same for Node's HTTP server, Express, Connect and Fastify. */
  readonly node: NodeHandler;
  /** Pages that look at it now. */
  readonly clients: number;
  /** Ends all event streams and looks no more. */
  close(): void;
}

/**
 * The dashboard of a monitor, to be mounted at an address of the application. Closed to all but loopback
 * or a token.
 *
 * @throws {TypeError} when the token is too short to be one.
 */
export function createDashboard<S extends DashboardSnapshot>(
  source: DashboardSource<S>,
  options: DashboardOptions = {},
): Dashboard {
  const { clock = systemClock, env = process.env, maxClients = MOST_CLIENTS } = options;
  const series = new Series();
  let newest = source.snapshot();
  const state = (row: number): DashboardState<S> => ({
    snapshot: newest,
    series: series.after(row),
  });
  const feed = new Feed({
    maxClients,
    boot: randomBytes(6).toString('hex'),
    now: () => clock.now(),
    wall: () => clock.wall(),
    read: state,
  });
  const look = (snapshot: S) => {
    newest = snapshot;
    series.add(clock.now(), clock.wall(), snapshot.pools);
    feed.publish(series.last);
  };
  look(newest);
  source.on('sample', look);
  if (source.isStarted === false) source.start?.();

  const handler = new Handler({
    access: new Access(options, env, () => clock.wall()),
    feed,
    state: () => state(0),
    actions: options.actions ?? [],
    act: actOn(() => source.pools ?? {}),
    wall: () => clock.wall(),
  });
  const fetch: Dashboard['fetch'] = (request, context) => handler.handle(request, context);
  return {
    fetch,
    node: toNodeHandler(fetch, clock),
    get clients() {
      return feed.clients;
    },
    close() {
      source.off('sample', look);
      feed.close();
    },
  };
}

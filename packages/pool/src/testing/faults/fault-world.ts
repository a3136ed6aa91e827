import { type FaultProxy, type PostgresServer, startFaultProxy } from '@lifeguard/testkit';
import pg from 'pg';
import { Pool } from '../../index.ts';
import { EventLoopLag } from '../event-loop-lag.ts';
import { Ledger } from '../ledger.ts';
import { Callers } from './callers.ts';
import { Calls, pause } from './calls.ts';
import { Crowd } from './crowd.ts';
import { Gate } from './gate.ts';
import { watchProcess } from './process-watch.ts';
import { CONNECT_MILLIS, MAX, STATEMENT_MILLIS, WAIT_MILLIS } from './terms.ts';

/** The name of the pool's sessions. */
const NAME = 'faulted';

/** A pool behind a network that can fail, its callers, and all that was seen of them. */
export class FaultWorld {
  readonly server: PostgresServer;
  readonly proxy: FaultProxy;
  /** For the pool's user, past the proxy. */
  readonly userUrl: string;
  readonly pool: Pool;
  readonly ledger = new Ledger();
  readonly crowd = new Crowd();
  readonly lag: EventLoopLag;
  readonly calls: Calls;
  readonly callers: Callers;
  readonly violations: string[] = [];
  readonly #process = watchProcess();
  #gate: Gate | undefined;
  #mostConnections = 0;

  private constructor(server: PostgresServer, proxy: FaultProxy, userUrl: string) {
    this.server = server;
    this.proxy = proxy;
    this.userUrl = userUrl;
    this.pool = new Pool({
      connectionString: proxy.url(userUrl),
      application_name: NAME,
      max: MAX,
      // Otherwise one of them is never lent, and nobody could see that none is lost.
      reserveShared: false,
      connectionTimeoutMillis: WAIT_MILLIS,
      connectTimeoutMillis: CONNECT_MILLIS,
      statementTimeoutMillis: STATEMENT_MILLIS,
    });
    this.lag = new EventLoopLag(() => this.#countConnections());
    this.calls = new Calls(this.lag);
    this.callers = new Callers(this);
  }

  static async open(server: PostgresServer, userUrl: string): Promise<FaultWorld> {
    return new FaultWorld(server, await startFaultProxy({ target: server }), userUrl);
  }

  /** Fills the pool with idle connections, and lets it learn that the callers' texts are quick. */
  async warmUp(): Promise<void> {
    const clients = await Promise.all(Array.from({ length: MAX }, () => this.pool.connect()));
    for (const client of clients) client.release();
    await this.callers.introduce();
  }

  async shutGate(): Promise<void> {
    this.#gate = await Gate.shut(this.server.url({ application_name: 'gate' }));
  }

  openGate(): void {
    this.#gate?.open();
    this.#gate = undefined;
  }

  /** Runs a statement past pool and proxy. */
  async admin(text: string, values?: unknown[]): Promise<pg.QueryResult> {
    const client = new pg.Client({ connectionString: this.server.url() });
    await client.connect();
    try {
      return await client.query(text, values);
    } finally {
      await client.end();
    }
  }

  /** Sessions of the pool's on the server, also those that have not logged in yet. */
  async sessions(condition = 'true'): Promise<number> {
    const { rows } = await this.admin(`SELECT count(*)::int AS n ${SESSIONS} AND ${condition}`);
    return rows[0].n;
  }

  async until(condition: () => boolean | Promise<boolean>): Promise<void> {
    while (!(await condition())) await pause();
  }

  async terminateBackends(): Promise<void> {
    await this.admin(`SELECT pg_terminate_backend(pid) ${SESSIONS}`);
  }

  async terminateOneLoggedIn(): Promise<void> {
    const condition = `application_name = '${NAME}' LIMIT 1`;
    await this.admin(`SELECT pg_terminate_backend(pid, 5000) ${SESSIONS} AND ${condition}`);
  }

  /** Ends the pool; those whom it still serves have no more time than this. */
  end(timeout: number): void {
    const { calls, pool } = this;
    calls.latest = performance.now() + timeout;
    calls.flow(() => calls.track('end()', calls.latest, pool.end({ timeout })));
  }

  /** Ends whatever is left, however far things have come. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.openGate();
    this.proxy.close();
    if (this.server.pid === undefined) await this.server.resume();
    await this.crowd.leave();
    if (!this.pool.ending) await Promise.race([this.pool.end({ timeout: 0 }), pause()]);
    await this.terminateBackends();
    await this.until(async () => (await this.sessions()) === 0);
    this.lag.stop();
    this.#process.stop();
  }

  /** All that was wrong so far. */
  found(): string[] {
    const most = this.#mostConnections;
    return [
      ...this.violations,
      ...(most > MAX ? [`the pool had ${most} connections, more than ${MAX}`] : []),
      ...this.calls.violations(),
      ...this.#process.violations,
    ];
  }

  #countConnections(): void {
    this.#mostConnections = Math.max(this.#mostConnections, this.pool.totalCount);
  }
}

/** A session that has not logged in yet has no name. */
const SESSIONS = `FROM pg_stat_activity WHERE backend_type = 'client backend'
  AND application_name <> 'gate' AND pid <> pg_backend_pid()`;

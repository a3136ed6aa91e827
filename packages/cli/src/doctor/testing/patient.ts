import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PostgresServer } from '@lifeguard/testkit';
import pg from 'pg';
import { QuietSession } from '../../testing/session.ts';
import { type ExamineOptions, examine } from '../examine.ts';
import type { Report } from '../report/report.ts';

/** A database of a test's own on a server, what is done to it, and the doctor's view of it. */
export class Patient {
  readonly server: PostgresServer;
  readonly database: string;
  readonly #clients: pg.Client[] = [];
  readonly #cures: (() => Promise<unknown>)[] = [];
  readonly #folder = mkdtempSync(join(tmpdir(), 'lifeguard-patient-'));

  private constructor(server: PostgresServer, database: string) {
    this.server = server;
    this.database = database;
  }

  static async in(server: PostgresServer, database: string): Promise<Patient> {
    await server.createDatabase(database);
    return new Patient(server, database);
  }

  url(params: Record<string, string | number> = {}): string {
    return this.server.url(params, this.database);
  }

  /** A session that stays until the end, under a name. */
  async connect(name: string, url = this.url()): Promise<pg.Client> {
    const client = new pg.Client({ connectionString: url, application_name: name });
    client.on('error', () => {});
    await client.connect();
    this.#clients.push(client);
    return client;
  }

  /** Runs statements one after the other in a session that then ends, so that they are counted. */
  async run(...statements: string[]): Promise<void> {
    const client = new pg.Client({ connectionString: this.url(), application_name: 'fixture' });
    await client.connect();
    try {
      for (const statement of statements) await client.query(statement);
    } finally {
      await client.end();
    }
  }

  /** Undone at the end. */
  cure(...statements: string[]): void {
    this.#cures.unshift(() => this.run(...statements));
  }

  /** What the doctor says, with rules tuned so that nobody has to wait. */
  async examine(
    rules: Record<string, unknown> = {},
    options: Partial<ExamineOptions> = {},
  ): Promise<Report> {
    const config = join(this.#folder, 'config.json');
    writeFileSync(config, JSON.stringify({ doctor: { rules } }));
    const session = new QuietSession();
    try {
      const { report } = await examine(
        {
          url: this.url({ application_name: 'shop' }),
          env: [],
          dir: this.#folder,
          server: true,
          config,
          ...options,
        },
        session,
      );
      return report;
    } finally {
      await session.cleanups.run();
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#clients.map((client) => client.end().catch(() => {})));
    for (const cure of this.#cures) await cure();
    await this.#untilAlone();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  /** The next patient must not meet what is left of this one. */
  async #untilAlone(): Promise<void> {
    const client = new pg.Client({ connectionString: this.server.url({}, 'postgres') });
    await client.connect();
    try {
      const left = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()`;
      while ((await client.query(left)).rowCount !== 0) {
        // Asked again until nobody is left.
      }
    } finally {
      await client.end();
    }
  }
}

/** The ids of what counts: severity and rule. */
export function complaints({ findings }: Report): string[] {
  return findings
    .filter(({ severity }) => severity !== 'info')
    .map(({ id, severity }) => `${severity} ${id}`)
    .sort();
}

export function hints({ findings }: Report): string[] {
  return findings
    .filter(({ severity }) => severity === 'info')
    .map(({ id }) => id)
    .sort();
}

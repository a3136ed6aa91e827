import { type PostgresServer, startPostgres } from '@lifeguard/testkit';
import pg from 'pg';
import { type Lifeguard, type LifeguardOptions, lifeguard } from '../lifeguard.ts';
import { PrismaClient } from './generated/client.ts';

const TABLES = `
  CREATE TABLE "Author" (id serial PRIMARY KEY, name text NOT NULL UNIQUE);
  CREATE TABLE "Book" (
    id serial PRIMARY KEY, title text NOT NULL,
    "authorId" int NOT NULL REFERENCES "Author"
  );
  INSERT INTO "Author" (name) VALUES ('Ada'), ('Grace');
  INSERT INTO "Book" (title, "authorId") SELECT 'Book ' || i, 1 + i % 2 FROM generate_series(1, 20) i`;

/** A small database on a real server, and clients on it that are closed with it. */
export interface Library {
  readonly server: PostgresServer;
  /** A connection beside the pool. */
  readonly sql: pg.Client;
  open(options?: LifeguardOptions & { parameters?: Record<string, string | number> }): {
    db: Lifeguard;
    prisma: ReturnType<typeof extend>;
  };
  close(): Promise<void>;
}

function extend(db: Lifeguard) {
  return new PrismaClient({ adapter: db.adapter }).$extends(db.extension);
}

export async function openLibrary(): Promise<Library> {
  const server = await startPostgres();
  const sql = new pg.Client({ connectionString: server.url() });
  await sql.connect();
  await sql.query(TABLES);
  const opened: Lifeguard[] = [];
  return {
    server,
    sql,
    open({ parameters, ...options } = {}) {
      const db = lifeguard({ url: server.url(parameters), signals: false, ...options });
      opened.push(db);
      return { db, prisma: extend(db) };
    },
    async close() {
      await Promise.all(opened.map((db) => db.shutdown({ timeout: 1_000 })));
      await sql.end();
      await server.stop('immediate');
    },
  };
}

/** Resolves when `holds` does; the test's own time-out bounds it. */
export async function eventually(holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 10));
}

import { diagnose } from '@lifeguard/guard';
import { redactUrl } from '@lifeguard/pool';
import { createSchema, fillSchema } from '@lifeguard/storefront';
import { startFaultProxyProcess, startPostgres } from '@lifeguard/testkit';
import pg from 'pg';
import type { Cleanups } from '../frame/cleanups.ts';
import { EXIT } from '../frame/exit-codes.ts';
import { UserError } from '../frame/user-error.ts';
import { oneLine } from '../terminal/words.ts';

/** Takes the server away from everybody, and gives it back. */
export interface OutageSwitch {
  begin(): Promise<void>;
  /** Resolves when it answers again. */
  end(): Promise<void>;
}

/** Where the storefront's data is. */
export interface DemoDatabase {
  /** For the applications; by way of the added network, if any. */
  readonly url: string;
  /** For the demo itself: no added network. */
  readonly adminUrl: string;
  /** `PostgreSQL 18.4 (embedded)`. */
  readonly description: string;
  /** Given in DATABASE_URL, it holds for every incident. */
  readonly connectionLimit: number | undefined;
  /** Undefined for a server that is not the demo's to stop. */
  readonly outage: OutageSwitch | undefined;
}

const CONNECT_MILLIS = 5_000;

/** A PostgreSQL of the demo's own, with some network before it. */
export async function openEmbedded(networkMs: number, cleanups: Cleanups): Promise<DemoDatabase> {
  const server = await startPostgres().catch((error: Error) => {
    // Its messages say what is missing on this machine, and what to do about it.
    throw new UserError(oneLine(error.message), { exitCode: EXIT.unreachable });
  });
  cleanups.add(() => server.stop('immediate'));
  const adminUrl = server.url();
  let url = adminUrl;
  if (networkMs > 0) {
    const proxy = await startFaultProxyProcess({ target: server, delayMillis: networkMs / 2 });
    cleanups.add(() => proxy.close());
    url = proxy.url(adminUrl);
  }
  const description = `PostgreSQL ${await withClient(adminUrl, versionOf)} (embedded)`;
  await withClient(adminUrl, createSchema);
  const outage = { begin: () => server.halt('fast'), end: () => server.resume() };
  return { url, adminUrl, description, connectionLimit: undefined, outage };
}

/** A schema of the demo's own on the user's server. */
export async function openGiven(given: URL, cleanups: Cleanups): Promise<DemoDatabase> {
  const schema = `lifeguard_demo_${process.pid}`;
  const url = new URL(given);
  url.searchParams.set('schema', schema);
  const connectionLimit = given.searchParams.get('connection_limit');
  // All else stays: it may say where the server is and how to reach it.
  const admin = new URL(given);
  const options = [given.searchParams.get('options'), `-c search_path=${schema}`];
  admin.searchParams.set('options', options.filter(Boolean).join(' '));
  try {
    const version = await withClient(admin.href, async (client) => {
      const created = client.query(`CREATE SCHEMA ${schema}`);
      const tables = created.then(() => createSchema(client));
      // Known before it is there, so that no interruption can leave one behind.
      cleanups.add(async () => {
        await tables.catch(() => {});
        if (await created.catch(() => undefined)) await dropSchema(admin.href, schema);
      });
      await tables;
      return versionOf(client);
    });
    return {
      url: url.href,
      adminUrl: admin.href,
      description: `PostgreSQL ${version} at ${given.host}, schema ${schema}`,
      connectionLimit: connectionLimit === null ? undefined : Number(connectionLimit),
      outage: undefined,
    };
  } catch (error) {
    throw new UserError(explainFailure(error as Error, given), { exitCode: EXIT.unreachable });
  }
}

export async function fill(
  { adminUrl }: DemoDatabase,
  onProgress: (table: string) => void,
): Promise<void> {
  await withClient(adminUrl, (client) =>
    fillSchema(client, { onProgress: ({ table }) => onProgress(table) }),
  );
}

export async function withClient<T>(
  url: string,
  use: (client: pg.Client) => Promise<T>,
): Promise<T> {
  const client = new pg.Client({
    connectionString: url,
    connectionTimeoutMillis: CONNECT_MILLIS,
    application_name: 'lifeguard-demo',
  });
  client.on('error', () => {});
  try {
    await client.connect();
    return await use(client);
  } finally {
    await client.end();
  }
}

function dropSchema(url: string, schema: string): Promise<unknown> {
  return withClient(url, (client) => client.query(`DROP SCHEMA ${schema} CASCADE`));
}

async function versionOf(client: pg.Client): Promise<string> {
  const { rows } = await client.query<{ server_version: string }>('SHOW server_version');
  return rows[0]?.server_version ?? '';
}

/** One line: what happened, in the server's words, and what to do. */
function explainFailure(error: Error, { host }: URL): string {
  const { title, causes, remedies } = diagnose(error);
  const words = oneLine(redactUrl(error.message));
  const remedy = remedies[0] ? `Try first: ${remedies[0].title}.` : '';
  return `DATABASE_URL (${host}): ${title.toLowerCase()} (${words}). ${causes[0] ?? ''} ${remedy}`.trim();
}

import { createApp } from './app.ts';
import type { StoreClient } from './clients/client.ts';
import { type Config, ConfigError, readConfig } from './config.ts';
import { type Listening, listen } from './listen.ts';
import { slowPayment } from './payment.ts';

/** How long requests under way may take to finish once the server is told to stop. */
const graceMillis = 10_000;

try {
  await main(readConfig(process.env));
} catch (error) {
  if (!(error instanceof ConfigError)) throw error;
  console.error(error.message);
  process.exit(1);
}

async function main(config: Config): Promise<void> {
  const client = await createClient(config);
  await checkDatabase(client);
  const app = createApp({ ...client, payment: slowPayment(), repaired: config.repaired });
  const server = await listen(app, config.host, config.port);

  stopWhenTold(server, client);
  answerParent(server, client);
  const routes = config.repaired ? 'repaired' : 'as they were';
  console.log(
    `Storefront at http://${config.host}:${server.port} (pool: ${config.pool}, routes ${routes})`,
  );
}

/** A shop that can't reach its database is better told so at once than at the first visit. */
async function checkDatabase({ prisma, close }: StoreClient): Promise<void> {
  try {
    await prisma.$queryRaw`SELECT 1`;
  } catch (error) {
    await close();
    const reason = error instanceof Error ? error.message.trim().split('\n').at(-1) : error;
    throw new ConfigError(
      `DATABASE_URL can't be used: ${reason} Is the server up, and are host, user, password and database right?`,
    );
  }
}

/** Loads only the pool that was asked for, so that the two can be compared. */
async function createClient({ pool, databaseUrl }: Config): Promise<StoreClient> {
  const create =
    pool === 'stock'
      ? (await import('./clients/stock.ts')).createStockClient
      : (await import('./clients/lifeguard.ts')).createLifeguardClient;
  try {
    return create(databaseUrl);
  } catch (error) {
    // Nothing has been connected yet: only a parameter of the URL can be wrong.
    throw new ConfigError(error instanceof Error ? error.message : String(error));
  }
}

function stopWhenTold(server: Listening, client: StoreClient): void {
  let stopping = false;
  const stop = async () => {
    if (stopping) return;
    stopping = true;
    // A database that has gone silent must not keep the process.
    setTimeout(() => process.exit(1), 2 * graceMillis).unref();
    // Its event streams end only with it.
    client.dashboard?.close();
    await server.close(graceMillis);
    await client.close();
    process.exit(0);
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  // A parent that is gone can't stop its child any more.
  process.on('disconnect', stop);
}

/** When forked: says that the server is ready, and answers questions about the pool. */
function answerParent({ port }: Listening, client: StoreClient): void {
  if (!process.send) return;
  process.on('message', (message: unknown) => {
    if (typeof message !== 'object' || message === null || !('type' in message)) return;
    if (message.type === 'stats') {
      process.send?.({ type: 'stats', stats: client.stats?.() ?? null });
    }
    if (message.type === 'incidents') {
      process.send?.({ type: 'incidents', incidents: client.incidents?.() ?? [] });
    }
  });
  process.send({ type: 'ready', port });
}

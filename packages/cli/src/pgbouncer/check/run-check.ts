import type pg from 'pg';
import { addressOf } from '../../connection/address.ts';
import { type Connection, configOf, connect, openOn, whereOf } from '../../connection/connect.ts';
import { readTarget, type Target } from '../../connection/target.ts';
import { capacityOf } from '../../doctor/rules/capacity.ts';
import { asker } from '../../doctor/server/ask.ts';
import { isPooled } from '../../doctor/server/pooler.ts';
import { askIdentity } from '../../doctor/server/questions/identity.ts';
import { askSessions } from '../../doctor/server/questions/sessions.ts';
import { askSettings } from '../../doctor/server/questions/settings.ts';
import { EXIT, type ExitCode } from '../../frame/exit-codes.ts';
import type { Session } from '../../frame/session.ts';
import { makePlan } from '../../plan/plan.ts';
import { oneLine } from '../../terminal/words.ts';
import type { CheckOptions } from '../command.ts';
import { consoleOf, openConsole } from '../console.ts';
import { askStatus, type PoolerStatus } from '../status/facts.ts';
import { type CheckFacts, checksOf } from './checks.ts';
import { knowsPrepared } from './prepared.ts';
import { renderJson, renderText } from './render.ts';

const NAME = 'lifeguard pgbouncer';

/** Connects through a PgBouncer and looks at what would go wrong. Exit code 1 when something would. */
export async function runCheck(
  url: string | undefined,
  options: CheckOptions,
  session: Session,
): Promise<ExitCode> {
  const target = readTarget(url, session.env, { option: 'the URL' });
  session.progress.show('connecting through it');
  const facts = await look(target, options, session);
  const report = { where: whereOf(target), checks: checksOf(facts) };
  session.print(
    options.json ? renderJson(report) : renderText(report, session.width, session.colours),
  );
  return report.checks.some(({ status }) => status === 'fail') ? EXIT.findings : EXIT.ok;
}

async function look(
  target: Target,
  { direct, instances }: CheckOptions,
  session: Session,
): Promise<CheckFacts> {
  const connection = await connect(target, NAME, session);
  const config = configOf(target, NAME);
  const { host, user } = addressOf(config);
  const pooled = await standsBetween(connection);
  const status = await statusFrom(config, session);
  const server = await offered(connection.client, status);
  await connection.client.end().catch(() => {});
  session.progress.show('trying prepared statements');
  const { max, connectionTimeoutMillis, prepare } = target.resolved.options;
  return {
    user,
    host,
    isPooled: pooled,
    refusedParameter: connection.refusedParameter,
    knowsPrepared: pooled ? await knowsPrepared(plain(config), session) : undefined,
    isEncrypted: isEncrypted(connection.client),
    status,
    server,
    pool: {
      limit: max,
      waitSeconds: connectionTimeoutMillis / 1_000,
      prepares: prepare,
    },
    clients:
      instances === undefined
        ? undefined
        : makePlan({ instances, limit: max, limitOrigin: '' }).connections,
    direct: await whatIsDirect(direct ?? session.env.DIRECT_URL, session),
  };
}

/** Whether the one that answers is another than the one that let us in. */
async function standsBetween({ client, ...said }: Connection): Promise<boolean> {
  const { pid } = await askIdentity(asker(client));
  const greeted = (client as unknown as { processID: number | null }).processID;
  const answersForAnother = greeted !== null && greeted !== pid;
  return isPooled({ answersForAnother, sharesTransactions: false, ...said });
}

async function statusFrom(
  config: pg.ClientConfig,
  session: Session,
): Promise<PoolerStatus | undefined> {
  try {
    const console = await openConsole(consoleOf(config), session);
    const status = await askStatus(console);
    await console.close();
    return status;
  } catch {
    // It is told as not seen.
    return undefined;
  }
}

/** What the pooler itself holds is none of the others'. */
async function offered(
  client: pg.Client,
  status: PoolerStatus | undefined,
): Promise<CheckFacts['server']> {
  try {
    const ask = asker(client);
    const sessions = await askSessions(ask);
    const { usable } = capacityOf(await askSettings(ask), sessions);
    const poolers =
      status?.pools.reduce((sum, one) => sum + one.serversUsed + one.serversIdle, 0) ?? 0;
    // Ours is the pooler's as well, and not among the sessions.
    return { usable, others: Math.max(0, sessions.length - Math.max(0, poolers - 1)) };
  } catch {
    return undefined;
  }
}

async function whatIsDirect(
  url: string | undefined,
  session: Session,
): Promise<CheckFacts['direct']> {
  if (!url?.trim()) return 'missing';
  try {
    const target = readTarget(url, {}, { option: 'DIRECT_URL' });
    const connection = await openOn(target, NAME, session);
    const pooled = await standsBetween(connection);
    await connection.client.end().catch(() => {});
    return pooled ? 'pooled' : 'direct';
  } catch (error) {
    return { failed: oneLine((error as Error).message) };
  }
}

function isEncrypted(client: pg.Client): boolean {
  const { connection } = client as unknown as { connection: { stream: { encrypted?: boolean } } };
  return connection.stream.encrypted === true;
}

/** As a client that sends no limits at login, which a pooler may refuse. */
function plain(config: pg.ClientConfig): pg.ClientConfig {
  const { host, port, user, database } = addressOf(config);
  const rest: pg.ClientConfig = { host, port, user, database };
  if (config.connectionString) {
    const url = new URL(config.connectionString);
    rest.password = decodeURIComponent(url.password);
  }
  if (config.password !== undefined) rest.password = config.password;
  if (config.ssl !== undefined) rest.ssl = config.ssl;
  return rest;
}

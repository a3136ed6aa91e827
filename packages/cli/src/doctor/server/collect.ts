import type { Connection } from '../../connection/connect.ts';
import { quoteName } from '../sql/names.ts';
import { asker, isDefect, NoAnswerError } from './ask.ts';
import type { ServerFacts, Unseen } from './facts.ts';
import type { PoolerSigns } from './pooler.ts';
import { ChurnWatch } from './questions/churn.ts';
import { askDatabases } from './questions/databases.ts';
import { askForeignKeys } from './questions/foreign-keys.ts';
import { askIdentity } from './questions/identity.ts';
import { askIndexes } from './questions/indexes.ts';
import { askPreparedTransactions } from './questions/prepared-transactions.ts';
import { askReplication } from './questions/replication.ts';
import { askRoles } from './questions/roles.ts';
import { askSequences } from './questions/sequences.ts';
import { askSessions } from './questions/sessions.ts';
import { askSettings } from './questions/settings.ts';
import { askStatements } from './questions/statements.ts';
import { askTables } from './questions/tables.ts';

/** A server that is slow in everything is told of soon, with what was seen until then. */
const BUDGET_MILLIS = 15_000;

export interface Collected {
  readonly facts: Partial<ServerFacts>;
  readonly unseen: readonly Unseen[];
  readonly pooler: PoolerSigns;
  /** The connection was lost on the way, or the server fell silent. */
  readonly lost: NoAnswerError | undefined;
}

/** Asks the server everything, what matters most first. A question that fails is told, and the others go on. */
export async function collect(
  { client, refusedParameter, greeting }: Connection,
  progress: (text: string) => void,
): Promise<Collected> {
  const ask = asker(client);
  const startedAt = performance.now();
  const facts: { -readonly [Name in keyof ServerFacts]?: ServerFacts[Name] } = {};
  const unseen: Unseen[] = [];
  let lost: NoAnswerError | undefined;

  const { identity, pid } = await askIdentity(ask);
  facts.identity = identity;
  const churn = new ChurnWatch(ask);

  async function see<Name extends keyof ServerFacts>(
    name: Name,
    what: string,
    question: () => Promise<ServerFacts[Name]>,
  ): Promise<void> {
    progress(`looking at ${what}`);
    try {
      if (performance.now() - startedAt > BUDGET_MILLIS) throw new Error('the server is too slow');
      facts[name] = await question();
    } catch (error) {
      if (isDefect(error as Error)) throw error;
      if (error instanceof NoAnswerError) lost = error;
      unseen.push({ what, why: reasonOf(error as Error) });
    }
  }

  if (ChurnWatch.isPossible(identity.versionNumber)) {
    // Its failure is told at its end.
    await churn.begin().catch(() => {});
  } else {
    unseen.push({ what: 'new connections', why: 'PostgreSQL counts sessions from version 14 on' });
  }
  await see('settings', 'the settings', () => askSettings(ask));
  await see('sessions', 'the sessions', () => askSessions(ask));
  await see('databases', 'the databases', () => askDatabases(ask, identity.versionNumber));
  await see('roles', 'the roles’ limits', () => askRoles(ask));
  await see('preparedTransactions', 'prepared transactions', () => askPreparedTransactions(ask));
  await see('replication', 'replication', () => askReplication(ask, identity));
  await see('statements', 'the statements', () => askStatements(ask));
  await see('tables', 'the tables', () => askTables(ask));
  await see('indexes', 'the indexes', () => askIndexes(ask, identity.versionNumber));
  await see('foreignKeys', 'the foreign keys', () => askForeignKeys(ask));
  await see('sequences', 'the sequences', () => askSequences(ask));
  if (ChurnWatch.isPossible(identity.versionNumber)) {
    await see('churn', 'new connections', () => churn.end());
  }
  const laterPid = await askIdentity(ask).then(
    (again) => again.pid,
    () => pid,
  );

  const greeted = (client as unknown as { processID: number | null }).processID;
  const pooler = {
    answersForAnother: greeted !== null && greeted !== pid,
    sharesTransactions: laterPid !== pid,
    refusedParameter,
    greeting,
  };
  return { facts, unseen: [...together(unseen), ...hiddenFrom(facts)], pooler, lost };
}

/** What was not seen for the same reason is told at once. */
function together(unseen: readonly Unseen[]): Unseen[] {
  const reasons = [...new Set(unseen.map(({ why }) => why))];
  return reasons.map((why) => {
    const what = unseen.filter((one) => one.why === why).map((one) => one.what);
    return { what: what.join(', '), why };
  });
}

function reasonOf(error: Error & { code?: string }): string {
  if (error instanceof NoAnswerError) return error.message;
  if (error.code === '57014') return 'it took longer than 3 s and was given up';
  if (error.code === '55P03')
    return 'somebody holds an exclusive lock, and the doctor does not wait';
  return error.message;
}

/** What the user of the connection may not see. */
function hiddenFrom({ identity, sessions }: Partial<ServerFacts>): Unseen[] {
  if (!identity || identity.seesOthers) return [];
  const others = new Set(
    sessions?.filter(({ state }) => state === null).map(({ user }) => user ?? 'nobody'),
  );
  const what =
    others.size > 0
      ? `what the sessions of other users do (${[...others].sort().join(', ')}), replicas, others’ statements`
      : 'replicas, and other users’ statements';
  return [
    {
      what,
      why: `${identity.user} is not a member of pg_monitor`,
      remedy: `GRANT pg_monitor TO ${quoteName(identity.user)};`,
    },
  ];
}

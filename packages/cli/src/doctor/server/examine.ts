import { setTimeout as delay } from 'node:timers/promises';
import { type Diagnosis, diagnose } from '@lifeguard/guard';
import { redactUrl } from '@lifeguard/pool';
import type pg from 'pg';
import { addressOf } from '../../connection/address.ts';
import { type Connection, configOf, openOn } from '../../connection/connect.ts';
import { diagnoseLogin } from '../../connection/diagnose-login.ts';
import { readTarget, type Target } from '../../connection/target.ts';
import type { Session } from '../../frame/session.ts';
import { consoleOf } from '../../pgbouncer/console.ts';
import { oneLine } from '../../terminal/words.ts';
import type { ConnectFailure, Facts } from '../rules/rule.ts';
import { isDefect, NoAnswerError } from './ask.ts';
import { collect } from './collect.ts';
import type { Unseen } from './facts.ts';
import { askConsole, isPooled, poolerFacts } from './pooler.ts';

/** What the doctor is called in pg_stat_activity. */
const NAME = 'lifeguard-doctor';
/** A full server has a place now and then: short waits before we give up. */
const FULL_RETRY_MILLIS = [200, 500, 1_000];
const TOO_MANY = '53300';
/** protocol_violation: what PgBouncer gives its own refusals. */
const POOLERS_OWN = '08P01';

const NO_ANSWER: Diagnosis = {
  ...diagnose(''),
  kind: 'unreachable',
  title: 'It let us in and does not answer',
  meaning:
    'The login went through, and the first question got no answer: a pooler whose connections are all taken does that, or a server that is frozen or has no processor left.',
  causes: [
    'All connections of a pooler are held: by idle transactions, slow statements, or because it can’t reach the server.',
    'The server’s disk or processor is at its end.',
  ],
  remedies: [
    {
      title: 'Ask the pooler who waits (the console’s user: --pooler-url)',
      language: 'sql',
      code: 'SHOW POOLS;',
    },
    { title: 'Run the doctor on the server’s own address, past the pooler' },
  ],
};

export interface Examination {
  readonly facts: Partial<Facts>;
  readonly unseen: readonly Unseen[];
}

/** Looks at the server, and at the pooler before it; that it can't be reached is a finding. */
export async function examineServer(
  target: Target,
  poolerUrl: string | undefined,
  session: Session,
): Promise<Examination> {
  const poolersConsole = consoleConfig(target, poolerUrl);
  session.progress.show('connecting');
  try {
    const connection = await openPatiently(target, session);
    const {
      lost,
      unseen,
      pooler: signs,
      ...collected
    } = await collect(connection, (step) => session.progress.show(step));
    await connection.client.end().catch(() => {});
    const facts = { ...collected.facts, ...(lost && { connectFailure: failureOf(lost, target) }) };
    if (!isPooled(signs) && poolerUrl === undefined) {
      return { facts: { ...facts, pooler: null }, unseen };
    }
    session.progress.show('asking the pooler');
    const said = await askConsole(poolersConsole, session);
    const pooler = poolerFacts(signs, 'what' in said ? undefined : said);
    return { facts: { ...facts, pooler }, unseen: 'what' in said ? [...unseen, said] : unseen };
  } catch (error) {
    if (isDefect(error as Error)) throw error;
    return withoutAnswer(error as Error, target, poolersConsole, session);
  }
}

/** What a pooler's console says where the server itself is not to be had. */
async function withoutAnswer(
  error: Error & { code?: string },
  target: Target,
  poolersConsole: pg.ClientConfig,
  session: Session,
): Promise<Examination> {
  const connectFailure = failureOf(error, target);
  const isPoolers = error instanceof NoAnswerError || error.code === POOLERS_OWN;
  const said = isPoolers ? await askConsole(poolersConsole, session) : undefined;
  if (!said || 'what' in said) return { facts: { connectFailure }, unseen: [] };
  const signs = { answersForAnother: true, sharesTransactions: false };
  return { facts: { connectFailure, pooler: poolerFacts(signs, said) }, unseen: [] };
}

async function openPatiently(target: Target, session: Session): Promise<Connection> {
  for (const wait of FULL_RETRY_MILLIS) {
    try {
      return await openOn(target, NAME, session);
    } catch (error) {
      if ((error as { code?: string }).code !== TOO_MANY) throw error;
      session.progress.show('the server is full: trying again');
      await delay(wait);
    }
  }
  return openOn(target, NAME, session);
}

function consoleConfig(target: Target, poolerUrl: string | undefined): pg.ClientConfig {
  const at = poolerUrl ? readTarget(poolerUrl, {}, { option: '--pooler-url' }) : target;
  return consoleOf(configOf(at, NAME));
}

function failureOf(error: Error, target: Target): ConnectFailure {
  if (!(error instanceof NoAnswerError)) {
    const diagnosis = diagnoseLogin(error, addressOf(configOf(target, '')));
    return { at: 'login', said: wordsOf(error, diagnosis), diagnosis };
  }
  if (!(error.cause instanceof Error)) {
    return { at: 'questions', said: error.message, diagnosis: NO_ANSWER };
  }
  const diagnosis = diagnose(error.cause);
  return { at: 'questions', said: wordsOf(error.cause, diagnosis), diagnosis };
}

function wordsOf({ message, name }: Error, { code }: Diagnosis): string {
  return oneLine(redactUrl(message)) || (code ?? name);
}

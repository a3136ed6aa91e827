import { setTimeout as delay } from 'node:timers/promises';
import { diagnose } from '@lifeguard/guard';
import { redactUrl } from '@lifeguard/pool';
import { type Connection, configOf, openOn } from '../../connection/connect.ts';
import { readTarget, type Target } from '../../connection/target.ts';
import type { Session } from '../../frame/session.ts';
import { oneLine } from '../../terminal/words.ts';
import type { ConnectFailure, Facts } from '../rules/rule.ts';
import { collect } from './collect.ts';
import type { Unseen } from './facts.ts';
import { askConsole, consoleOf, isPooled, type PoolerSigns, poolerFacts } from './pooler.ts';

/** What the doctor is called in pg_stat_activity. */
const NAME = 'lifeguard-doctor';
/** A full server has a place now and then: short waits before we give up. */
const FULL_RETRY_MILLIS = [200, 500, 1_000];
const TOO_MANY = '53300';

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
  session.progress.show('connecting');
  let connection: Connection;
  try {
    connection = await openPatiently(target, session);
  } catch (error) {
    return { facts: { connectFailure: failureOf(error as Error) }, unseen: [] };
  }
  const {
    facts,
    unseen,
    pooler: signs,
  } = await collect(connection, (step) => session.progress.show(step));
  await connection.client.end().catch(() => {});
  const pooler = await examinePooler(signs, target, poolerUrl, session);
  return { facts: { ...facts, pooler: pooler.facts }, unseen: [...unseen, ...pooler.unseen] };
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

async function examinePooler(
  signs: PoolerSigns,
  target: Target,
  poolerUrl: string | undefined,
  session: Session,
): Promise<{ facts: Facts['pooler']; unseen: Unseen[] }> {
  if (!isPooled(signs) && poolerUrl === undefined) return { facts: null, unseen: [] };
  session.progress.show('asking the pooler');
  const config =
    poolerUrl === undefined
      ? consoleOf(configOf(target, NAME))
      : configOf(readTarget(poolerUrl, {}, { option: '--pooler-url' }), NAME);
  const said = await askConsole(config, session);
  if ('what' in said) return { facts: poolerFacts(signs, undefined), unseen: [said] };
  return { facts: poolerFacts(signs, said), unseen: [] };
}

function failureOf(error: Error): ConnectFailure {
  const diagnosis = diagnose(error);
  return { said: oneLine(redactUrl(error.message)) || (diagnosis.code ?? error.name), diagnosis };
}

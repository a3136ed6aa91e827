import { addressOf } from '../connection/address.ts';
import { configOf, connect } from '../connection/connect.ts';
import { readTarget, type Target } from '../connection/target.ts';
import { asker } from '../doctor/server/ask.ts';
import { askSessions } from '../doctor/server/questions/sessions.ts';
import { askSettings } from '../doctor/server/questions/settings.ts';
import { EXIT, type ExitCode } from '../frame/exit-codes.ts';
import type { Session } from '../frame/session.ts';
import { UserError } from '../frame/user-error.ts';
import { type Place, SOMEWHERE } from './address.ts';
import type { SizeOptions } from './command.ts';
import { PRESETS } from './presets.ts';
import { NoRoomError, recommend, type Situation } from './recommend.ts';
import { type Origin, renderJson, renderText, type SizeReport } from './report.ts';

/** A small server as the clouds rent them, and PostgreSQL's own defaults. */
const ASSUMED = { cores: 4, maxConnections: 100, reserved: 3, others: 5 } as const;

interface Seen {
  readonly maxConnections: number;
  readonly reserved: number;
  readonly others: number;
}

export async function runSize(options: SizeOptions, session: Session): Promise<ExitCode> {
  const target = targetOf(options, session.env);
  const seen = target && options.server ? await look(target, session) : undefined;
  const report = reportOf(options, seen, target ? placeOf(target) : SOMEWHERE);
  session.print(
    options.json ? renderJson(report) : renderText(report, session.width, session.colours),
  );
  return EXIT.ok;
}

function reportOf(options: SizeOptions, seen: Seen | undefined, place: Place): SizeReport {
  const preset = PRESETS[options.preset];
  const pick = (given: number | undefined, read: number | undefined, assumed: number) => ({
    value: given ?? read ?? assumed,
    origin: (given !== undefined ? 'given' : read !== undefined ? 'server' : 'assumed') as Origin,
  });
  const cores = pick(options.dbCores, undefined, ASSUMED.cores);
  const maxConnections = pick(options.maxConnections, seen?.maxConnections, ASSUMED.maxConnections);
  const others = pick(options.others, seen?.others, ASSUMED.others);
  const instances = pick(options.instances, undefined, preset.instances);
  const situation: Situation = {
    preset,
    instances: instances.value,
    overlap: options.overlap ?? preset.overlap,
    cores: cores.value,
    maxConnections: maxConnections.value,
    reserved: options.reserved ?? seen?.reserved ?? ASSUMED.reserved,
    others: others.value,
    wantsPooler: options.pooler,
  };
  return {
    situation,
    sizing: recommendOrExplain(situation),
    place,
    origins: {
      cores: cores.origin,
      maxConnections: maxConnections.origin,
      others: others.origin,
      instances: instances.origin,
    },
  };
}

function recommendOrExplain(situation: Situation) {
  try {
    return recommend(situation);
  } catch (error) {
    if (!(error instanceof NoRoomError)) throw error;
    throw new UserError(
      `there is no room for this service: ${error.message}. Close what others do not need (lifeguard doctor shows who holds what), put a PgBouncer before all of them, or raise max_connections.`,
    );
  }
}

/** Undefined where nobody named a database: then it is reckoned without one. */
function targetOf({ url }: SizeOptions, env: NodeJS.ProcessEnv): Target | undefined {
  if (!url && !env.DATABASE_URL) return undefined;
  return readTarget(url, env);
}

function placeOf(target: Target): Place {
  const address = addressOf(configOf(target, ''));
  return { ...address, user: address.user || SOMEWHERE.user };
}

async function look(target: Target, session: Session): Promise<Seen> {
  const { client } = await connect(target, 'lifeguard size', session);
  const ask = asker(client);
  const settings = await askSettings(ask);
  const sessions = await askSessions(ask);
  const { user, database } = placeOf(target);
  return {
    maxConnections: settings.maxConnections,
    reserved: settings.superuserReserved + settings.reserved,
    others: sessions.filter((one) => one.user !== user || one.database !== database).length,
  };
}

import type pg from 'pg';
import { addressOf } from '../connection/address.ts';
import { configOf } from '../connection/connect.ts';
import type { Target } from '../connection/target.ts';
import { asker } from '../doctor/server/ask.ts';
import { askSessions } from '../doctor/server/questions/sessions.ts';
import { askSettings } from '../doctor/server/questions/settings.ts';
import { UserError } from '../frame/user-error.ts';
import { type Place, SOMEWHERE } from './address.ts';
import type { SizeOptions } from './command.ts';
import { PRESETS } from './presets.ts';
import { NoRoomError, recommend, type Situation } from './recommend.ts';
import type { Origin, SizeReport } from './report.ts';

/** A small server as the clouds rent them, and PostgreSQL's own defaults. */
const ASSUMED = { cores: 4, maxConnections: 100, reserved: 3, others: 5 } as const;

/** What a server has told. */
export interface Seen {
  readonly maxConnections: number;
  readonly reserved: number;
  readonly others: number;
}

/** What the sums are made of. */
export type Given = Pick<
  SizeOptions,
  | 'preset'
  | 'instances'
  | 'overlap'
  | 'dbCores'
  | 'maxConnections'
  | 'reserved'
  | 'others'
  | 'pooler'
>;

/** What is given counts before what was seen, and that before what is assumed. @throws {UserError} when there is no room. */
export function reckon(options: Given, seen: Seen | undefined, place: Place): SizeReport {
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

export function placeOf(target: Target): Place {
  const address = addressOf(configOf(target, ''));
  return { ...address, user: address.user || SOMEWHERE.user };
}

/** Limits of the server, and what others hold. */
export async function askServer(client: pg.Client, place: Place): Promise<Seen> {
  const ask = asker(client);
  const settings = await askSettings(ask);
  const sessions = await askSessions(ask);
  const { user, database } = place;
  return {
    maxConnections: settings.maxConnections,
    reserved: settings.superuserReserved + settings.reserved,
    others: sessions.filter((one) => one.user !== user || one.database !== database).length,
  };
}

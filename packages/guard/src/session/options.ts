import { toMillis } from '../time/duration.ts';
import type { Limits } from './judge.ts';
import type { Session, SessionGuardOptions } from './types.ts';

const MAX_SESSIONS = 50_000;

export interface Settings extends Limits {
  readonly timeoutMillis: number;
  readonly maxSessions: number;
  readonly channel: string;
}

/** @throws RangeError that names the option. */
export function settingsOf<S extends Session, Value>(
  options: SessionGuardOptions<S, Value>,
): Settings {
  const { maxSessions = MAX_SESSIONS, name = 'default' } = options;
  const settings: Settings = {
    everyMillis: toMillis(options.every ?? '60s', 'every'),
    expiringWithinMillis: toMillis(options.expiringWithin ?? '5m', 'expiringWithin'),
    timeoutMillis: toMillis(options.timeout ?? '5s', 'timeout'),
    maxStaleMillis: toMillis(options.maxStale ?? '15m', 'maxStale'),
    maxSessions,
    channel: `lifeguard:sessions:${name}`,
  };
  if (settings.timeoutMillis === 0) throw new RangeError('timeout must be more than 0');
  if (!(Number.isInteger(maxSessions) && maxSessions >= 1)) {
    throw new RangeError(`maxSessions must be a whole number from 1 on; it is ${maxSessions}`);
  }
  return settings;
}

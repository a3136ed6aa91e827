import type { PoolOptions } from '../options/index.ts';
import type { StatementProfiles } from '../statement/profiles.ts';
import type { Recorder } from '../stats/recorder.ts';
import type { ConnectionListener, ConnectionSetup } from './connection-setup.ts';
import type { ObservedClient } from './observed-client.ts';
import type { SessionHooks } from './session-hooks.ts';

export interface FailedLogin {
  readonly error: Error;
  /** Where it was tried. */
  readonly server: string;
  /** When it began, in the clock's milliseconds. */
  readonly since: number;
}

export interface ConnectionsListener extends ConnectionListener {
  readonly profiles: StatementProfiles;
  readonly recorder: Recorder;
  connectFailed(login: FailedLogin): void;
  /** A connect may be tried (again). */
  mayConnect(): void;
}

export interface ConnectionsSetup
  extends Pick<ConnectionSetup, 'query' | 'queries' | 'clock'>,
    SessionHooks {
  readonly options: PoolOptions;
  readonly createClient: () => ObservedClient;
  readonly cancel: ConnectionSetup['cancel'];
  /** Finds out whether the server answers anybody. */
  readonly knock: (done: (isAnswered: boolean) => void) => void;
  /** pg-pool's `log` option, with pg-pool's messages. */
  readonly log: (...message: unknown[]) => void;
}

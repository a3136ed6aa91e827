import type { Clock } from '../clock.ts';
import type { PgClient } from '../pg-internals.ts';
import type { StatementProfiles } from '../statement/profiles.ts';
import type { Recorder } from '../stats/recorder.ts';
import type { ObservedClient } from './observed-client.ts';
import type { PassingOn } from './passing-on.ts';
import type { QueryClasses } from './query-classes.ts';

export interface HoldersSetup {
  /** pg's own `query`, around the gate. */
  readonly query: PgClient['query'];
  readonly queries: QueryClasses;
  readonly profiles: StatementProfiles;
  readonly clock: Clock;
  /** Saves the round trips of BEGIN and COMMIT; false: every statement goes by itself. */
  readonly pipelinesTransactions: boolean;
  readonly passingOn: PassingOn;
  /** How long a holder may wait to have its connection back; 0: without limit. */
  readonly waitMillis: number;
}

/** What holders have to do with the pool itself. */
export interface HoldersPool {
  /** No more connections can be lent. */
  readonly isPressed: boolean;
  readonly recorder: Pick<Recorder, 'repeated'>;
  /** A holder has sent a statement. */
  working(): void;
}

/** What holders do that the connection has to know. */
export interface HoldersListener {
  readonly client: ObservedClient;
  /** Nobody has been lent the connection yet: hooks of the application prepare it. */
  readonly isConnecting: boolean;
  /** The end of the holder's transaction is on the wire: the next one may begin behind it. */
  ending(): void;
  /** Somebody whose transaction has ended, and who has gone, wants to go on. */
  wantedBack(): void;
}

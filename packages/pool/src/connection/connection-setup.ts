import type { Checkout } from '../checkout/checkout.ts';
import type { Recorder } from '../stats/recorder.ts';
import type { Connection } from './connection.ts';
import type { HoldersListener, HoldersSetup } from './holders-setup.ts';
import type { Answer, LaneListener, LaneSetup } from './lane.ts';
import type { ClientListener } from './listen.ts';
import type { OvertimeListener, OvertimeSetup } from './overtime.ts';
import type { SettlingListener, SettlingSetup } from './settling.ts';
import type { Watched } from './watch.ts';

/**
 * `connecting` → `lane` ⇄ `checkout` → `settling` → `lane`, and `closed` from any of them.
 * Settling: given back, but the server still works for its last holder, or is in a transaction.
 */
export type ConnectionState = 'connecting' | 'lane' | 'checkout' | 'settling' | 'closed';

/** What a connection tells the pool. */
export interface ConnectionListener {
  /** It can take more work: an answer came, or it has settled. */
  available(connection: Connection): void;
  answered(connection: Connection, answer: Answer): void;
  /** It was lost with one of the lane's statements under way. */
  unanswered(connection: Connection, error: Error): void;
  /** Its last holder left a transaction open, which is being rolled back. */
  abandoned(checkout: Checkout): void;
  /** It was lost with an error, perhaps while nobody was using it. */
  lost(connection: Connection, error: Error, wasIdle: boolean): void;
  /** Its server does not answer any more; others may have lost theirs as well. */
  silent(): void;
  readonly recorder: Pick<Recorder, 'repeated'>;
  /** No more connections can be lent. */
  readonly isPressed: boolean;
  /** Something is under way: it is to be looked at from time to time. */
  working(): void;
  /** It is closed, and its place is free. */
  closed(connection: Connection): void;
}

/** What is the same for all connections of a pool. */
export interface ConnectionSetup extends HoldersSetup, LaneSetup, OvertimeSetup, SettlingSetup {}

/** What a connection is to its parts. */
export type ConnectionRoles = ClientListener &
  HoldersListener &
  LaneListener &
  OvertimeListener &
  SettlingListener &
  Watched;

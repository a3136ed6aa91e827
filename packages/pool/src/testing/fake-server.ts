import type { Clock } from '../clock.ts';
import type { Database, FakeBackend } from './fake-backend.ts';
import { FakeSession } from './fake-session.ts';

export interface FakeServerSetup {
  /** It answers a goodbye. */
  readonly isPolite: boolean;
  /** What has come over the wire is run, though the connection be lost. */
  readonly worksOn: boolean;
  /** How long every command takes, in ms; 0: it answers when it is told to. */
  readonly pace: number;
  readonly clock: Clock;
  /** In a turn of the event loop of its own. */
  readonly soon: (action: () => void) => void;
  /** A statement takes effect. */
  readonly ran: (id: string, backend: FakeBackend) => void;
}

/** A PostgreSQL server as far as a pool can see it, which does what a test tells it, and when. */
export class FakeServer implements Database {
  readonly sessions: FakeSession[] = [];
  /** How often each statement ran, by the id that it was to give back. */
  readonly executions = new Map<string, number>();
  /** Writes that are there for good, and how often. */
  readonly ledger = new Map<string, number>();
  /** Which errors the server has answered a statement with, by its id. */
  readonly errors = new Map<string, string[]>();
  /** Ids of the statements that have come over the wire. */
  readonly received = new Set<string>();
  isStandby = false;
  /** Nothing gets through to it, nor back. */
  isUnreachable = false;
  readonly isPolite: boolean;
  readonly worksOn: boolean;
  readonly pace: number;
  readonly clock: Clock;
  readonly soon: (action: () => void) => void;
  readonly #ran: FakeServerSetup['ran'];

  constructor({ isPolite, worksOn, pace, clock, soon, ran }: FakeServerSetup) {
    this.isPolite = isPolite;
    this.worksOn = worksOn;
    this.pace = pace;
    this.clock = clock;
    this.soon = soon;
    this.#ran = ran;
  }

  /** For the `stream` option of pg.Client. */
  readonly connect = (): FakeSession => {
    const session = new FakeSession(this);
    this.sessions.push(session);
    return session;
  };

  get now(): number {
    return this.clock.now();
  }

  get open(): FakeSession[] {
    return this.sessions.filter(({ destroyed }) => !destroyed);
  }

  /** A change of the schema: every prepared plan that there is has gone stale. */
  changeSchema(): void {
    for (const { backend } of this.sessions) backend.stalePlans();
  }

  ran(id: string, backend: FakeBackend): void {
    if (id === '') return;
    count(this.executions, id);
    this.#ran(id, backend);
  }

  committed(writes: readonly string[]): void {
    for (const id of writes) count(this.ledger, id);
  }

  refused(id: string, code: string): void {
    this.errors.set(id, [...(this.errors.get(id) ?? []), code]);
  }
}

function count(counts: Map<string, number>, id: string): void {
  counts.set(id, (counts.get(id) ?? 0) + 1);
}

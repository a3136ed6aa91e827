import type { Checkout } from '../checkout/checkout.ts';
import type { Conversation } from '../checkout/conversation.ts';
import type { CallContext } from '../context/context.ts';
import { isQuiet, type TransactionStatus } from '../pg-internals.ts';
import { PreparedStatements } from '../statement/prepared.ts';
import { Holders, type HoldersListener, type HoldersSetup } from './holders.ts';
import { type Answer, Lane } from './lane.ts';
import type { LaneQuery } from './lane-query.ts';
import { GATE, type ObservedClient } from './observed-client.ts';
import { Overtime, type OvertimeListener, type OvertimeSetup } from './overtime.ts';
import type { RoundTrip } from './round-trip.ts';
import { Settling, type SettlingListener } from './settling.ts';
import type { Watched } from './watch.ts';

/**
 * `connecting` → `lane` ⇄ `checkout` → `settling` → `lane`, and `closed` from any of them.
 * Settling: given back, but the server still works for its last holder, or is in a transaction.
 */
export type ConnectionState = 'connecting' | 'lane' | 'checkout' | 'settling' | 'closed';

/** How long a connection that is being closed waits for the server's side. */
const GOODBYE_MILLIS = 1_000;

/** What a connection tells the pool. */
export interface ConnectionListener {
  /** It can take more work: an answer came, or it has settled. */
  available(connection: Connection): void;
  answered(connection: Connection, answer: Answer): void;
  /** Its last holder left a transaction open, which is being rolled back. */
  abandoned(connection: Connection, checkout: Checkout): void;
  /** It was lost with an error, perhaps while nobody was using it. */
  lost(connection: Connection, error: Error, wasIdle: boolean): void;
  /** Its server does not answer any more; others may have lost theirs as well. */
  silent(): void;
  /** Whether no more connections can be lent. */
  isPressed(): boolean;
  /** Something is under way: it is to be looked at from time to time. */
  working(): void;
  /** It is closed, and its place is free. */
  closed(connection: Connection): void;
}

export interface ConnectionSetup extends HoldersSetup, OvertimeSetup {
  readonly roundTrip: RoundTrip;
  /** 0: no prepared statements. */
  readonly prepareCacheSize: number;
  /** What a holder leaves in its session is discarded. */
  readonly resetsSession: boolean;
  /** In the clock's milliseconds. */
  readonly expiresAt: number;
}

/** One server session and what it is used for. */
export class Connection implements HoldersListener, OvertimeListener, SettlingListener, Watched {
  readonly client: ObservedClient;
  readonly lane: Lane;
  readonly holders: Holders;
  readonly expiresAt: number;
  state: ConnectionState = 'connecting';
  /** Statements and checkouts that it has served. */
  uses = 0;
  idleSince = 0;
  /** Too old or used up: it takes nothing new and is closed as soon as it is idle. */
  retiring = false;
  readonly #prepared: PreparedStatements | undefined;
  readonly #overtime: Overtime;
  readonly #settling: Settling;
  #isCorked = false;
  readonly #setup: ConnectionSetup;
  readonly #listener: ConnectionListener;

  constructor(setup: ConnectionSetup, listener: ConnectionListener) {
    const { client, queries, roundTrip, prepareCacheSize, statementLimit } = setup;
    this.#setup = setup;
    this.#listener = listener;
    this.client = client;
    this.holders = new Holders(setup, this);
    client[GATE] = this.holders;
    this.expiresAt = setup.expiresAt;
    this.#prepared = prepareCacheSize > 0 ? new PreparedStatements(prepareCacheSize) : undefined;
    this.lane = new Lane({
      Query: queries.LaneQuery,
      roundTrip,
      prepared: this.#prepared,
      statementLimit,
      write: (query: LaneQuery) => this.#write(query),
    });
    this.#overtime = new Overtime(setup, this.lane, this.holders, this);
    this.#settling = new Settling(setup, this);
  }

  /** What is sent in one turn of the event loop goes to the network in one piece. */
  #write(query: LaneQuery): void {
    const stream = this.client.connection?.stream;
    if (stream && !this.#isCorked) {
      this.#isCorked = true;
      stream.cork();
      process.nextTick(() => {
        this.#isCorked = false;
        stream.uncork();
      });
    }
    this.#setup.query.call(this.client, query);
    this.#listener.working();
  }

  get isConnecting(): boolean {
    return this.state === 'connecting';
  }

  get isPressed(): boolean {
    return this.#listener.isPressed();
  }

  /** Of the one to whom it is lent, or who has just given it back. */
  get checkout(): Checkout | undefined {
    return this.holders.current?.checkout;
  }

  /** Open for new statements of many callers, and nobody's. */
  get isIdle(): boolean {
    return this.isEmpty && !this.holders.isParting && !this.holders.hasParted;
  }

  /** Nothing of the lane's is under way: whoever needs it alone may have it. */
  get isEmpty(): boolean {
    return this.state === 'lane' && this.lane.length === 0 && !this.lane.isCancelling;
  }

  /** Its last holder's remains are being undone: it is free in a moment. */
  get isTidying(): boolean {
    return this.#settling.isTidying;
  }

  /** Takes new statements, of the lane or of a holder. */
  get isOpenToAll(): boolean {
    return this.state === 'lane' && !this.retiring && !this.holders.isWanted;
  }

  /** Lent, or busy with a long statement: not all connections may be so. */
  get isWhole(): boolean {
    return this.state === 'checkout' || this.state === 'settling' || this.lane.cap === 'long';
  }

  /** False: its holder ended the client, or its socket is dead. */
  get isUsable(): boolean {
    return this.holders.isUsable;
  }

  /** The login is done: from now on the pool listens. */
  connected(): void {
    const { client } = this;
    // After pg's own listener, so that the answer has been handed over when the state is read.
    client.connection?.on('readyForQuery', (message: { status: TransactionStatus }) =>
      this.#serverIsReady(message.status),
    );
    client.on('error', (error: Error) => this.#broken(error));
    client.on('end', () => this.#broken(new Error('Connection terminated unexpectedly')));
  }

  /** The application's own preparations are done, or at least begun: it may settle into its lane. */
  begin(): void {
    if (this.state !== 'connecting') return;
    if (!isQuiet(this.client)) {
      // A listener that awaits its first statement sends the second one only after 'drain'.
      this.client.once('drain', () => setImmediate(() => this.begin()));
      return;
    }
    this.state = 'settling';
    this.#settling.begin({ checkout: undefined, leftState: false, wasPrepared: false });
  }

  lend(context: CallContext | undefined, now: number): Conversation {
    this.state = 'checkout';
    this.uses++;
    // Cursors, COPY and streams keep a conversation with the server: they need it unpipelined.
    if (!this.holders.isParting) this.client.pipeline = false;
    return this.holders.lend(context, now);
  }

  ending(): void {
    this.#listener.available(this);
  }

  /** The next one may begin, though its holder has yet to hear how its transaction ended. */
  get mayPart(): boolean {
    return this.state === 'checkout' && this.isUsable && !this.retiring && this.holders.mayPart;
  }

  part(): void {
    this.holders.part();
    this.state = 'lane';
    this.client.pipeline = true;
  }

  wantedBack(): void {
    if (this.isEmpty && !this.holders.isParting) this.#available();
  }

  /** The holder gave it back; it is anybody's again once the server is idle. */
  giveBack(holder: Conversation): void {
    if (holder.hasParted) {
      this.holders.forget(holder);
      if (this.isEmpty) this.#available();
      return;
    }
    this.state = 'settling';
    if (holder.isOpening) this.#listener.abandoned(this, holder.checkout);
    const leftState = holder.leavesState && this.#setup.resetsSession;
    this.holders.giveBack(holder);
    const { checkout } = holder;
    this.#settling.begin({ checkout, leftState, wasPrepared: this.holders.wasPrepared });
  }

  /** The holder gave it back, and nobody can use it any more. */
  discard(holder: Conversation): void {
    const isOthers = holder.hasParted && this.state !== 'closed';
    this.holders.forget(holder);
    // Whoever has it by now keeps it; then it goes.
    if (isOthers && (this.state !== 'lane' || !this.isEmpty)) this.retiring = true;
    else this.close();
  }

  close(): void {
    if (this.state === 'closed') return;
    const busy = this.lane.length > 0 || !isQuiet(this.client);
    this.state = 'closed';
    this.#settling.stop();
    this.#hangUp(busy, () => this.#listener.closed(this));
    this.lane.fail(new Error('Connection terminated'));
    this.holders.lost();
  }

  /** Closes it without another word to the server. */
  cut(): void {
    this.close();
    this.client.connection?.stream.destroy();
  }

  /** Says goodbye; the answers of a busy server are not waited for, nor one that keeps silent. */
  #hangUp(isBusy: boolean, done?: () => void): void {
    const stream = this.client.connection?.stream;
    if (isBusy) stream?.destroy();
    const cancel = this.#setup.clock.after(GOODBYE_MILLIS, () => stream?.destroy());
    this.client.end(() => {
      cancel();
      done?.();
    });
  }

  get maySettle(): boolean {
    // A cancel request that is still on its way would strike the next one.
    return this.state === 'settling' && !this.lane.isCancelling;
  }

  abandoned(checkout: Checkout): void {
    this.#listener.abandoned(this, checkout);
  }

  discarded(): void {
    this.#prepared?.clear();
  }

  settled(): void {
    this.holders.current = undefined;
    this.state = 'lane';
    this.idleSince = this.#setup.clock.now();
    this.client.pipeline = true;
    this.#available();
  }

  failed(error: Error): void {
    this.#lost(error);
  }

  giveUp(): void {
    this.close();
  }

  working(): void {
    this.#listener.working();
  }

  look(now: number): boolean {
    if (this.state === 'lane') return this.#overtime.lookAtLane(now);
    return this.state === 'checkout' && this.#overtime.lookAtHolder(now);
  }

  cancelled(isOver: boolean): void {
    // One that may still come would strike somebody else.
    if (!isOver) this.retiring = true;
    if (this.state === 'lane') this.#available();
    else this.#settling.proceed();
  }

  silent(): void {
    const error = new Error('Connection terminated: the server has gone silent');
    if (this.state === 'checkout') this.client.connection?.stream.destroy(error);
    else this.#lost(error);
    this.#listener.silent();
  }

  /** Asks for a sign of life, so that a server that has gone is noticed before anybody needs it. */
  probe(): void {
    if (!this.isIdle || !this.client.connection) return;
    this.#setup.query.call(this.client, '', () => {});
    this.#overtime.expectAnswer(this.#setup.clock.now());
    this.#listener.working();
  }

  #available(): void {
    const { holders } = this;
    if (holders.isWanted && this.isEmpty && !holders.isParting) {
      this.state = 'checkout';
      this.client.pipeline = false;
      holders.takeBack()?.return();
      return;
    }
    this.#listener.available(this);
  }

  #serverIsReady(status: TransactionStatus): void {
    const now = this.#setup.clock.now();
    this.#overtime.heard(now);
    if (this.holders.isParting) {
      this.#hasParted(now, status);
      return;
    }
    if (this.state !== 'lane') {
      this.holders.serverIsReady();
      this.checkout?.serverIsReady(now, status);
      this.#listenAgain();
      return;
    }
    const answer = this.lane.answer(now);
    if (status !== 'I') {
      // Whatever opened it, a transaction here would swallow the neighbours: fail closed.
      this.#lost(new Error('a statement on a shared connection opened a transaction'));
      return;
    }
    if (this.lane.length === 0) this.idleSince = now;
    if (answer) {
      this.uses++;
      this.#listener.answered(this, answer);
    }
    this.#available();
  }

  /** The transaction has ended behind which others have begun. */
  #hasParted(now: number, status: TransactionStatus): void {
    this.holders.parting?.checkout.serverIsReady(now, status);
    this.holders.parting = undefined;
    if (status !== 'I') {
      this.#lost(new Error('a transaction was still open after its COMMIT'));
      return;
    }
    if (this.state === 'checkout') {
      this.#listenAgain();
      return;
    }
    this.lane.headBegins(now);
    this.idleSince = now;
    if (this.state === 'lane') this.#available();
  }

  /** A holder who began behind another's COMMIT goes on as every holder does, one by one. */
  #listenAgain(): void {
    if (this.state !== 'checkout' || !this.client.pipeline || !isQuiet(this.client)) return;
    this.client.pipeline = false;
    this.holders.current?.resume();
  }

  /** A holder is told by pg, and keeps its connection until it gives it back, as in pg-pool. */
  #broken(error: Error): void {
    if (this.state !== 'checkout') this.#lost(error);
    else this.holders.lost();
  }

  #lost(error: Error): void {
    if (this.state === 'closed') return;
    const { isIdle: wasIdle } = this;
    this.state = 'closed';
    this.#settling.stop();
    // An error without a lost socket is a client's own: the server is told, as by pg-pool.
    if (wasIdle) this.#hangUp(false, () => this.#listener.closed(this));
    else this.#hangUp(true);
    this.lane.fail(error);
    this.holders.lost();
    this.#listener.lost(this, error, wasIdle);
    if (!wasIdle) this.#listener.closed(this);
  }
}

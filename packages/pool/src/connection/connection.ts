import type { Checkout } from '../checkout/checkout.ts';
import type { Conversation } from '../checkout/conversation.ts';
import type { CallContext } from '../context/context.ts';
import { isQuiet, type TransactionStatus } from '../pg-internals.ts';
import type {
  ConnectionListener,
  ConnectionRoles,
  ConnectionSetup,
  ConnectionState,
} from './connection-setup.ts';
import { hangUp, terminated } from './hang-up.ts';
import { Holders } from './holders.ts';
import { Lane } from './lane.ts';
import { listen } from './listen.ts';
import { GATE, type ObservedClient } from './observed-client.ts';
import { Overtime } from './overtime.ts';
import { Settling } from './settling.ts';

/** One server session and what it is used for. */
export class Connection implements ConnectionRoles {
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
  readonly #overtime: Overtime;
  readonly #settling: Settling;
  readonly #setup: ConnectionSetup;
  readonly #listener: ConnectionListener;

  /** `expiresAt`: in the clock's milliseconds. */
  constructor(
    client: ObservedClient,
    expiresAt: number,
    setup: ConnectionSetup,
    listener: ConnectionListener,
  ) {
    this.client = client;
    this.expiresAt = expiresAt;
    this.#setup = setup;
    this.#listener = listener;
    this.holders = new Holders(setup, this, listener);
    client[GATE] = this.holders;
    this.lane = new Lane(setup, this);
    this.#overtime = new Overtime(setup, this);
    this.#settling = new Settling(setup, this);
  }

  get isConnecting(): boolean {
    return this.state === 'connecting';
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

  get isOpenToAll(): boolean {
    return this.state === 'lane' && !this.retiring && this.holders.isFree;
  }

  /** Lent, or busy with a long statement: not all connections may be so. */
  get isWhole(): boolean {
    return this.state === 'checkout' || this.state === 'settling' || this.lane.cap === 'long';
  }

  connected(): void {
    listen(this.client, this);
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
    this.#settling.begin({ holder: undefined, wasPrepared: false });
  }

  lend(context: CallContext | undefined, now: number): Conversation {
    this.state = 'checkout';
    this.uses++;
    return this.holders.lend(context, now);
  }

  ending(): void {
    this.#listener.available(this);
  }

  /** The next one may begin, though its holder has yet to hear how its transaction ended. */
  get mayPart(): boolean {
    const { lane, holders, retiring } = this;
    return this.state === 'checkout' && holders.mayPart && !retiring && !lane.isCancelling;
  }

  part(): void {
    this.holders.part();
    this.state = 'lane';
  }

  wantedBack(): void {
    if (this.isEmpty && !this.holders.isParting) this.#available();
  }

  /** The holder gave it back; it is anybody's again once the server is idle. */
  giveBack(holder: Conversation, now: number): void {
    if (holder.hasParted) {
      // What it has said before is still to be sent: it comes back for that.
      if (holder.isHolding) return;
      this.holders.forget(holder);
      this.#available();
      return;
    }
    this.state = 'settling';
    this.holders.giveBack(holder);
    this.#settling.begin({ holder, wasPrepared: this.holders.wasPrepared }, now);
  }

  /** The holder gave it back, and nobody can use it any more. */
  discard(holder: Conversation): void {
    this.holders.forget(holder);
    // Its COMMIT is not to be lost, and whoever has it by now keeps it; then it goes.
    if (holder.hasParted && (this.holders.isParting || !this.isEmpty)) this.retiring = true;
    // The COMMIT that goes before is not to be lost for that.
    else if (this.holders.isParting && this.holders.isUsable) {
      this.state = 'settling';
      holder.tellFirst(terminated());
    } else this.close();
    holder.refuse(this.#setup.clock.now(), terminated);
  }

  close(): void {
    if (this.state === 'closed') return;
    const isBusy = this.lane.length > 0 || !isQuiet(this.client);
    this.#shut(terminated(), isBusy, () => this.#listener.closed(this));
  }

  // A cancel request on its way would strike the next one; what a holder has said goes out before.
  get maySettle(): boolean {
    return this.state === 'settling' && !this.lane.isCancelling && !this.holders.isHolding;
  }

  abandoned(checkout: Checkout): void {
    this.#listener.abandoned(checkout);
  }

  giveUp(): void {
    this.close();
    // One less is lent: whoever waits for that need not wait for the server's goodbye.
    this.#listener.available(this);
  }

  settled(now = this.#setup.clock.now()): void {
    this.holders.share();
    this.state = 'lane';
    this.idleSince = now;
    this.#available();
  }

  working(): void {
    this.#listener.working();
  }

  look(now: number): boolean {
    return this.#overtime.look(this.state, now);
  }

  cancelled(isOver: boolean): void {
    // One that may still come would strike somebody else.
    if (!isOver) this.retiring = true;
    if (this.state === 'lane') this.#available();
    else this.#settling.proceed();
  }

  silent(): void {
    const error = new Error('Connection terminated: the server has gone silent');
    // A holder, also one that has made room for others, is told by pg.
    this.client.connection?.stream.destroy(error);
    if (this.state !== 'checkout') this.lost(error);
    this.#listener.silent();
  }

  /** Asks for a sign of life, so that a server that has gone is noticed before anybody needs it. */
  probe(): void {
    if (!this.isIdle || !this.client.connection) return;
    this.#overtime.probe();
    this.#listener.working();
  }

  #available(): void {
    if (this.holders.isWanted && this.isEmpty && !this.holders.isParting) {
      this.state = 'checkout';
      const holder = this.holders.takeBack();
      holder?.return();
      if (holder?.checkout.isOver) this.giveBack(holder, this.#setup.clock.now());
    }
    // Also when its holder has it back: who has counted on it needs another one.
    this.#listener.available(this);
  }

  ready(status: TransactionStatus): void {
    const now = this.#setup.clock.now();
    const isOwn = this.#overtime.heard(now);
    if (this.holders.isParting) {
      this.#hasParted(now, status);
      return;
    }
    if (this.state !== 'lane') {
      if (!isOwn) this.holders.serverIsReady(now, status);
      this.#listenAgain();
      if (this.mayPart) this.ending();
      return;
    }
    const answer = this.lane.answer(now);
    if (status !== 'I') {
      // Whatever opened it, a transaction here would swallow the neighbours: fail closed.
      this.lost(new Error('a statement on a shared connection opened a transaction'));
      return;
    }
    // What it was asked for a sign of life with stood before.
    if (isOwn) this.lane.headBegins(now);
    if (answer) {
      if (this.lane.length === 0) this.idleSince = now;
      this.uses++;
      this.#listener.answered(this, answer);
    }
    this.#available();
  }

  /** The transaction has ended behind which others have begun. */
  #hasParted(now: number, status: TransactionStatus): void {
    this.holders.hasEnded(now, status);
    if (this.state === 'settling' && !this.holders.current) {
      this.giveUp();
      return;
    }
    if (status !== 'I') {
      this.lost(new Error('a transaction was still open after its COMMIT'));
      return;
    }
    this.#listenAgain();
    if (this.state !== 'lane') return;
    this.lane.headBegins(now);
    this.idleSince = now;
    this.#available();
  }

  #listenAgain(): void {
    this.holders.listenAgain();
    this.#settling.proceed();
  }

  /** A holder is told by pg, and keeps its connection until it gives it back, as in pg-pool. */
  broken(error: Error): void {
    // pg has yet to tell it to those whose statements were under way.
    if (!this.isIdle) Object.assign(error, { outcome: 'unknown' });
    if (this.state !== 'checkout') this.lost(error);
    else this.holders.lost();
  }

  lost(error: Error): void {
    if (this.state === 'closed') return;
    const { isIdle: wasIdle } = this;
    // An error without a lost socket is a client's own: the server is told, as by pg-pool.
    this.#shut(error, !wasIdle, wasIdle ? () => this.#listener.closed(this) : undefined);
    this.#listener.lost(this, error, wasIdle);
    if (!wasIdle) this.#listener.closed(this);
  }

  #shut(error: Error, isBusy: boolean, done?: () => void): void {
    this.state = 'closed';
    this.#settling.stop();
    hangUp(this.client, isBusy, this.#setup.clock, done);
    for (const told of this.lane.fail(error)) this.#listener.unanswered(this, told);
    this.holders.lost();
  }
}

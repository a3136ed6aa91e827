import type { Clock } from '../clock.ts';
import type { Connection } from '../connection/connection.ts';
import type { Connections } from '../connection/connections.ts';
import type { PoolOptions } from '../options/index.ts';
import type { CheckoutRequest } from '../queue/checkout-request.ts';
import type { Request } from '../queue/request.ts';
import { StatementRequest } from '../queue/statement-request.ts';
import { chooseForShort, chooseHeldBack, mostWholes, takesShorts } from './choose.ts';
import type { PendingRequests } from './pending-requests.ts';

/** What is done with a request that has found its connection. */
export interface Delivery {
  send(request: StatementRequest, connection: Connection, now: number): void;
  lend(request: CheckoutRequest, connection: Connection, now: number): void;
}

/**
 * Brings those who wait and the connections together. Runs whenever either side has changed:
 * first whoever needs an empty connection, by age, then the short statements, then growth.
 */
export class Dispatcher {
  readonly #clock: Clock;
  readonly #pending: PendingRequests;
  readonly #connections: Connections;
  readonly #delivery: Delivery;
  readonly #mostWholes: number;
  readonly #depth: number;
  readonly #multiplex: boolean;
  readonly #connectConcurrency: number;
  /** Connections that are being emptied for callers who need a whole one, until these have them. */
  #emptying: ReadonlySet<Connection> = NOTHING;

  constructor(
    options: PoolOptions,
    clock: Clock,
    pending: PendingRequests,
    connections: Connections,
    delivery: Delivery,
  ) {
    this.#clock = clock;
    this.#pending = pending;
    this.#connections = connections;
    this.#delivery = delivery;
    this.#mostWholes = mostWholes(options);
    this.#depth = options.multiplex ? options.multiplexDepth : 1;
    this.#multiplex = options.multiplex;
    this.#connectConcurrency = options.connectConcurrency;
  }

  run(): void {
    if (this.#pending.length > 0) {
      const now = this.#clock.now();
      this.#serve(now);
      while (this.#makeRoom()) this.#serve(now);
    } else this.#emptying = NOTHING;
    const wanted = this.#wanted();
    if (wanted > 0) this.#connections.grow(wanted);
  }

  /** Where a request may go at once, when nobody waits. */
  placeFor(request: Request, now: number): Connection | undefined {
    if (request instanceof StatementRequest && this.#multiplex && request.pace === 'short') {
      return chooseForShort(this.#connections.all, {
        now,
        depth: this.#depth,
        heldBack: NOTHING,
      });
    }
    const needsWhole = !(request instanceof StatementRequest) || this.#needsWhole(request);
    let wholes = 0;
    let empty: Connection | undefined;
    for (const connection of this.#connections.all) {
      if (connection.isWhole) wholes++;
      else if (!empty && connection.isEmpty && connection.isOpenToAll) empty = connection;
    }
    if (!needsWhole) return empty;
    return wholes < this.#mostWholes && empty?.holders.hasFace ? empty : undefined;
  }

  deliver(request: Request, connection: Connection, now: number): void {
    if (request instanceof StatementRequest) this.#delivery.send(request, connection, now);
    else this.#delivery.lend(request as CheckoutRequest, connection, now);
  }

  #needsWhole(request: StatementRequest): boolean {
    return !this.#multiplex || request.pace === 'long';
  }

  /** Whole connections are all that anybody waits for: the first of them goes to the first who does. */
  #serveWholes(now: number): void {
    const { wholes } = this.#pending;
    let allowed = this.#allowedWholes();
    for (const connection of this.#connections.all) {
      const next = wholes.head;
      if (!next || allowed <= 0) return;
      if (!connection.isEmpty || !connection.isOpenToAll || !connection.holders.hasFace) continue;
      allowed--;
      this.#pending.take(next, now);
      this.deliver(next, connection, now);
    }
  }

  #serve(now: number): void {
    if (this.#pending.length === this.#pending.wholes.length) {
      this.#serveWholes(now);
      return;
    }
    const open = this.#connections.filter(({ isOpenToAll }) => isOpenToAll);
    this.#serveByEmptyConnections(open, now);
    this.#serveShorts(open, now);
  }

  /** A connection whose transaction is just ending can be passed on behind its COMMIT. */
  #makeRoom(): boolean {
    if (this.#pending.wholes.length === 0) return false;
    for (const connection of this.#connections.all) {
      if (!connection.mayPart) continue;
      connection.part();
      return true;
    }
    return false;
  }

  #serveByEmptyConnections(open: readonly Connection[], now: number): void {
    const { wholes, alones, shorts } = this.#pending;
    if (wholes.length === 0 && alones.length === 0) return;
    let allowed = this.#allowedWholes();
    for (const connection of open) {
      if (!connection.isEmpty) continue;
      const next = this.#oldestUnshared(connection.holders.hasFace ? allowed : 0);
      if (!next) continue;
      // The only one that the short ones may take: they have their turn by age as well.
      const isOlder = shorts.head && shorts.head.rank < next.rank;
      if (isOlder && this.#openToShorts(open, now).length === 1) return;
      if (next.list === wholes) allowed--;
      this.#pending.take(next, now);
      this.deliver(next, connection, now);
    }
  }

  #serveShorts(open: readonly Connection[], now: number): void {
    const { shorts } = this.#pending;
    if (shorts.length === 0) return;
    const candidates = this.#openToShorts(open, now);
    const heldBack = this.#holdBack(open, now);
    const choice = { now, depth: this.#depth, heldBack };
    // With no connection left to the short ones, they and the others take turns by age.
    const allHeldBack = candidates.every((one) => heldBack.has(one));
    const turn = this.#oldestUnshared(this.#allowedWholes())?.rank ?? Infinity;
    for (let request = shorts.head; request; request = shorts.head) {
      const mayPass = allHeldBack && request.rank < turn;
      const connection = chooseForShort(
        candidates,
        mayPass ? { ...choice, heldBack: NOTHING } : choice,
      );
      if (!connection) return;
      this.#pending.take(request, now);
      this.#delivery.send(request as StatementRequest, connection, now);
    }
  }

  #openToShorts(open: readonly Connection[], now: number): Connection[] {
    return open.filter((one) => takesShorts(one, now, this.#depth));
  }

  /** Whose turn it is at an empty connection; a checkout's only while more may be lent. */
  #oldestUnshared(allowedWholes: number): Request | undefined {
    const { alones, wholes } = this.#pending;
    return older(alones.head, allowedWholes > 0 ? wholes.head : undefined);
  }

  /** None while a new connection is on its way: that one will be empty. */
  #holdBack(open: readonly Connection[], now: number): ReadonlySet<Connection> {
    const { wholes, alones } = this.#pending;
    const lendable = Math.min(wholes.length, this.#allowedWholes());
    const wanted = this.#connections.connecting > 0 ? 0 : lendable + alones.length;
    if (wanted <= 0) {
      this.#emptying = NOTHING;
      return NOTHING;
    }
    this.#emptying = chooseHeldBack(open, { now, wanted, before: this.#emptying });
    // Another one may fall empty sooner, when many answers come at once.
    const nearest = chooseHeldBack(open, { now, wanted, before: NOTHING });
    return new Set([...this.#emptying, ...nearest]);
  }

  /** No connection can be lent, nor another one be opened. */
  get isFull(): boolean {
    return this.#allowedWholes() <= 0 && this.#connections.connecting === 0;
  }

  #allowedWholes(): number {
    let wholes = 0;
    for (const { isWhole } of this.#connections.all) if (isWhole) wholes++;
    return this.#mostWholes - wholes;
  }

  /** How many connections to open at the same time. */
  #wanted(): number {
    const { shorts, alones, wholes } = this.#pending;
    const lendable = Math.max(0, Math.min(wholes.length, this.#allowedWholes()));
    const waiting = shorts.length + alones.length + lendable;
    const { length, min, warm, isFull } = this.#connections;
    if (isFull) return 0;
    const floor = Math.max(min, warm);
    if (waiting === 0) return (length > 0 || warm > 0) && length < floor ? 1 : 0;
    // Short statements will share one; all others need one each.
    const useful = this.#multiplex
      ? Math.min(shorts.length, 1) + alones.length + lendable
      : waiting;
    let soonFree = 0;
    for (const { isTidying } of this.#connections.all) if (isTidying) soonFree++;
    return Math.min(useful - soonFree, this.#connectConcurrency);
  }
}

function older(a: Request | undefined, b: Request | undefined): Request | undefined {
  if (!a || !b) return a ?? b;
  return b.rank < a.rank ? b : a;
}

const NOTHING: ReadonlySet<never> = new Set();

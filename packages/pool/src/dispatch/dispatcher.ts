import type { Clock } from '../clock.ts';
import type { Connection } from '../connection/connection.ts';
import type { Connections } from '../connection/connections.ts';
import type { PoolOptions } from '../options/index.ts';
import type { CheckoutRequest } from '../queue/checkout-request.ts';
import type { Request } from '../queue/request.ts';
import { StatementRequest } from '../queue/statement-request.ts';
import { chooseForShort, chooseHeldBack, mostWholes } from './choose.ts';
import type { PendingRequests } from './pending-requests.ts';

/** What is done with a request that has found its connection. */
export interface Delivery {
  send(request: StatementRequest, connection: Connection): void;
  lend(request: CheckoutRequest, connection: Connection): void;
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
  }

  run(): void {
    if (this.#pending.length > 0) {
      const open = this.#connections.filter(isOpenToAll);
      this.#serveByEmptyConnections(open);
      this.#serveShorts(open);
    }
    if (this.#needsMore()) this.#connections.grow();
  }

  #serveByEmptyConnections(open: readonly Connection[]): void {
    const { wholes, alones, shorts } = this.#pending;
    if (wholes.length === 0 && alones.length === 0) return;
    let allowed = this.#allowedWholes();
    for (const connection of open) {
      if (!connection.isIdle) continue;
      const next = older(alones.head, allowed > 0 ? wholes.head : undefined);
      if (!next) return;
      // Its only connection: the short ones have their turn by age as well.
      if (open.length === 1 && shorts.head && shorts.head.enqueuedAt < next.enqueuedAt) return;
      if (next.list === wholes) allowed--;
      this.#pending.remove(next);
      if (next instanceof StatementRequest) this.#delivery.send(next, connection);
      else this.#delivery.lend(next as CheckoutRequest, connection);
    }
  }

  #serveShorts(open: readonly Connection[]): void {
    const { shorts, wholes, alones } = this.#pending;
    if (shorts.length === 0) return;
    const candidates = open.filter(isOpenToAll);
    const heldBack = this.#heldBack(candidates);
    const choice = { now: this.#clock.now(), depth: this.#depth, heldBack };
    // With no connection left to the short ones, they and the others take turns by age.
    const allHeldBack = heldBack.size > 0 && heldBack.size >= candidates.length;
    const turn = older(alones.head, wholes.head)?.enqueuedAt ?? Infinity;
    for (let request = shorts.head; request; request = shorts.head) {
      const mayPass = allHeldBack && request.enqueuedAt < turn;
      const connection = chooseForShort(
        candidates,
        mayPass ? { ...choice, heldBack: NOTHING } : choice,
      );
      if (!connection) return;
      this.#pending.remove(request);
      this.#delivery.send(request as StatementRequest, connection);
    }
  }

  /** None while a new connection is on its way: that one will be empty. */
  #heldBack(candidates: readonly Connection[]): ReadonlySet<Connection> {
    if (this.#connections.connecting > 0) return NOTHING;
    const wholes = Math.min(this.#pending.wholes.length, this.#allowedWholes());
    return chooseHeldBack(candidates, wholes + this.#pending.alones.length);
  }

  #allowedWholes(): number {
    return this.#mostWholes - this.#connections.filter(({ isWhole }) => isWhole).length;
  }

  #needsMore(): boolean {
    const { shorts, alones, wholes } = this.#pending;
    if (shorts.length > 0 || alones.length > 0) return true;
    if (wholes.length > 0 && this.#allowedWholes() > 0) return true;
    const { length, min } = this.#connections;
    return length > 0 && length < min;
  }
}

function isOpenToAll(connection: Connection): boolean {
  return connection.state === 'lane' && !connection.retiring;
}

function older(a: Request | undefined, b: Request | undefined): Request | undefined {
  if (!a || !b) return a ?? b;
  return b.enqueuedAt < a.enqueuedAt ? b : a;
}

const NOTHING: ReadonlySet<never> = new Set();

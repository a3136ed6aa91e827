import type { Clock } from '../clock.ts';
import { Deadlines } from '../queue/deadlines.ts';
import { LinkedList } from '../queue/linked-list.ts';
import type { Request } from '../queue/request.ts';
import { StatementRequest } from '../queue/statement-request.ts';
import type { StatementProfile } from '../statement/profiles.ts';

/** Everybody who waits; first come first served in each of three queues. */
export class PendingRequests {
  /** Short statements: they share a connection. */
  readonly shorts = new LinkedList<Request>();
  /** Statements of medium or unknown length: an empty connection, with nothing behind them. */
  readonly alones = new LinkedList<Request>();
  /** Checkouts and long statements: an empty connection, but never the last one. */
  readonly wholes = new LinkedList<Request>();
  readonly #multiplex: boolean;
  readonly #deadlines: Deadlines<Request>;

  constructor(multiplex: boolean, clock: Clock, expired: (requests: Request[]) => void) {
    this.#multiplex = multiplex;
    this.#deadlines = new Deadlines(clock, (requests) => {
      for (const request of requests) request.list?.remove(request);
      expired(requests);
    });
  }

  get length(): number {
    return this.shorts.length + this.alones.length + this.wholes.length;
  }

  add(request: Request): void {
    this.#queueFor(request).push(request);
    request.ticket = this.#deadlines.add(request, request.deadline);
  }

  remove(request: Request): void {
    request.list?.remove(request);
    this.#deadlines.remove(request, request.ticket);
  }

  /** A text turned out to be quicker or slower than thought: those who wait with it change queues. */
  requeue(profile: StatementProfile): void {
    for (const list of [this.shorts, this.alones, this.wholes]) {
      const moving = [...list].filter((request) => isOf(profile, request));
      const [first] = moving;
      if (!first) continue;
      const queue = this.#queueFor(first);
      if (queue === list) return;
      for (const request of moving) list.remove(request);
      // Where their age puts them: whoever came later is not served before them.
      queue.merge(moving, (a, b) => a.enqueuedAt < b.enqueuedAt);
      return;
    }
  }

  all(): Request[] {
    return [...this.shorts, ...this.alones, ...this.wholes];
  }

  /** Takes everybody out who came until then, to be refused. */
  takeAll(until = Infinity): Request[] {
    const taken = this.all().filter(({ enqueuedAt }) => enqueuedAt <= until);
    for (const request of taken) this.remove(request);
    return taken;
  }

  #queueFor(request: Request): LinkedList<Request> {
    // Without a shared lane everybody wants the same: a connection that is empty.
    if (!this.#multiplex || !(request instanceof StatementRequest)) return this.wholes;
    switch (request.pace) {
      case 'short':
        return this.shorts;
      case 'medium':
        return this.alones;
      case 'long':
        return this.wholes;
    }
  }
}

function isOf(profile: StatementProfile, request: Request): boolean {
  return request instanceof StatementRequest && request.profile === profile && !request.isAlone;
}

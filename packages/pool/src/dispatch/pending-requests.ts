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
  readonly #deadlines: Deadlines<Request>;

  constructor(clock: Clock, expired: (requests: Request[]) => void) {
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
      for (const request of list) {
        if (!(request instanceof StatementRequest) || request.profile !== profile) continue;
        const queue = this.#queueFor(request);
        if (queue === list) break;
        list.remove(request);
        queue.push(request);
      }
    }
  }

  /** Takes everybody out, to be refused. */
  takeAll(): Request[] {
    const taken: Request[] = [...this.shorts, ...this.alones, ...this.wholes];
    for (const request of taken) this.remove(request);
    return taken;
  }

  #queueFor(request: Request): LinkedList<Request> {
    if (!(request instanceof StatementRequest)) return this.wholes;
    switch (request.profile.pace) {
      case 'short':
        return this.shorts;
      case 'medium':
        return this.alones;
      case 'long':
        return this.wholes;
    }
  }
}

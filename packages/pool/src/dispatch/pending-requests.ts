import type { Clock } from '../clock.ts';
import type { Priority } from '../context/context.ts';
import { Deadlines } from '../queue/deadlines.ts';
import type { Line } from '../queue/line.ts';
import { Lines } from '../queue/lines.ts';
import type { Request } from '../queue/request.ts';
import { RequestQueue } from '../queue/request-queue.ts';
import { StatementRequest } from '../queue/statement-request.ts';
import type { StatementProfile } from '../statement/profiles.ts';

/** Everybody who waits; first come, first served by rank in each of three queues. */
export class PendingRequests {
  /** Short statements: they share a connection. */
  readonly shorts = new RequestQueue();
  /** Statements of medium or unknown length: an empty connection, with nothing behind them. */
  readonly alones = new RequestQueue();
  /** Checkouts and long statements: an empty connection, but never the last one. */
  readonly wholes = new RequestQueue();
  readonly #multiplex: boolean;
  readonly #deadlines: Deadlines<Request>;
  readonly #lines: Partial<Record<Priority, Lines>> = {};

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
    this.#queueFor(request).push(this.#lineFor(request), request);
    this.#deadlines.add(request, request.deadline);
  }

  remove(request: Request): void {
    request.list?.remove(request);
    this.#deadlines.remove(request);
  }

  /** A text turned out to be quicker or slower than thought: those who wait with it change queues. */
  requeue(profile: StatementProfile): void {
    for (const lines of Object.values(this.#lines)) {
      const line = lines.find(profile);
      if (!line?.head) continue;
      const queue = this.#queueFor(line.head);
      if (queue !== line.queue) queue.adopt(line);
    }
  }

  /** Queue by queue, in each of them line by line. */
  all(): Request[] {
    return [...this.shorts, ...this.alones, ...this.wholes];
  }

  /** Takes everybody out who came until then, to be refused. */
  takeAll(until = Infinity): Request[] {
    const taken = this.all().filter(({ enqueuedAt }) => enqueuedAt <= until);
    for (const request of taken) this.remove(request);
    return taken;
  }

  #lineFor(request: Request): Line {
    const { priority } = request;
    const lines = this.#lines[priority] ?? new Lines(priority);
    this.#lines[priority] = lines;
    if (!this.#multiplex || !(request instanceof StatementRequest)) return lines.others;
    return request.isAlone ? lines.again : lines.of(request.profile);
  }

  #queueFor(request: Request): RequestQueue {
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

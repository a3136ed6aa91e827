import type { Clock } from '../clock.ts';
import type { Priority } from '../context/context.ts';
import { Deadlines } from '../queue/deadlines.ts';
import type { Line } from '../queue/line.ts';
import { Lines } from '../queue/lines.ts';
import type { Request } from '../queue/request.ts';
import { RequestQueue } from '../queue/request-queue.ts';
import { StatementRequest } from '../queue/statement-request.ts';
import type { StatementProfile } from '../statement/profiles.ts';

/** How often it looks, while anybody waits, whether nobody is served any more. */
const POLL_MILLIS = 100;

/** Everybody who waits; first come, first served by rank in each of three queues. */
export class PendingRequests {
  /** Short statements: they share a connection. */
  readonly shorts = new RequestQueue();
  /** Statements of medium or unknown length: an empty connection, with nothing behind them. */
  readonly alones = new RequestQueue();
  /** Checkouts and long statements: an empty connection, but never the last one. */
  readonly wholes = new RequestQueue();
  readonly #multiplex: boolean;
  readonly #clock: Clock;
  readonly #inVain: ((requests: Request[]) => void) | undefined;
  readonly #deadlines: Deadlines<Request>;
  readonly #lines: Partial<Record<Priority, Lines>> = {};
  #cancelPoll: (() => void) | undefined;

  /**
   * Those whose deadline has passed are given to `expired`; those who would be served too late, under
   * overload that lasts, to `inVain`. Either have left the queue by then.
   */
  constructor(
    multiplex: boolean,
    clock: Clock,
    expired: (requests: Request[]) => void,
    inVain?: (requests: Request[]) => void,
  ) {
    this.#multiplex = multiplex;
    this.#clock = clock;
    this.#inVain = inVain;
    this.#deadlines = new Deadlines(clock, (requests) => {
      for (const request of requests) request.list?.remove(request);
      expired(requests);
    });
  }

  get length(): number {
    return this.shorts.length + this.alones.length + this.wholes.length;
  }

  add(request: Request): void {
    this.#queueFor(request).push(this.#lineFor(request), request, this.#clock.now());
    this.#deadlines.add(request, request.deadline);
    this.#armPoll();
  }

  /** Its turn has come. Whoever is next and would be too late makes room for those who would not. */
  take(request: Request): void {
    const { list } = request;
    const now = this.#clock.now();
    list?.take(request, now);
    this.#deadlines.remove(request);
    if (list) this.#shed(list, now);
  }

  /** It gives up, or is refused. */
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
      if (queue !== line.queue) queue.adopt(line, this.#clock.now());
    }
  }

  /**
   * Whether one that has just come may stay. Under overload that lasts it is given to `inVain` instead if it
   * would be served, or answered, too late. The first in its queue always stays: it shows whether the
   * server is still there.
   */
  admit(request: Request): boolean {
    const { list, priority } = request;
    const now = this.#clock.now();
    const ahead = list ? list.lengthOf(priority) - 1 : 0;
    if (!this.#inVain || !list || ahead === 0 || !list.isInVain(request, ahead, now)) return true;
    list.shed(request, now);
    this.#deadlines.remove(request);
    this.#inVain([request]);
    return false;
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

  #shed(queue: RequestQueue, now: number): void {
    if (!this.#inVain) return;
    const shed: Request[] = [];
    for (let { head } = queue; head; { head } = queue) {
      const isLast = queue.lengthOf(head.priority) === 1;
      if (isLast || !queue.isInVain(head, 0, now)) break;
      queue.shed(head, now);
      this.#deadlines.remove(head);
      shed.push(head);
    }
    if (shed.length > 0) this.#inVain(shed);
  }

  #armPoll(): void {
    if (!this.#inVain || this.#cancelPoll) return;
    this.#cancelPoll = this.#clock.after(POLL_MILLIS, () => {
      this.#cancelPoll = undefined;
      const now = this.#clock.now();
      for (const queue of [this.shorts, this.alones, this.wholes]) this.#shed(queue, now);
      if (this.length > 0) this.#armPoll();
    });
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

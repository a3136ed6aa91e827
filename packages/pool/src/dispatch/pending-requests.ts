import type { Clock } from '../clock.ts';
import type { Priority } from '../context/context.ts';
import { Deadlines } from '../queue/deadlines.ts';
import type { Line } from '../queue/line.ts';
import { Lines } from '../queue/lines.ts';
import type { Request } from '../queue/request.ts';
import { RequestQueue } from '../queue/request-queue.ts';
import { StatementRequest } from '../queue/statement-request.ts';
import type { StatementProfile } from '../statement/profiles.ts';

/** How often it looks, while anybody waits, whether those whose turn is next can still be served in time. */
const POLL_MILLIS = 100;

/** What is done with those who are not served. They have left the queue by then. */
export interface Impatience {
  /** Their deadlines have passed. */
  late(requests: Request[]): void;
  /** False while there is no connection: then nobody is served, however few may come. */
  readonly isServing: boolean;
  /** Under overload that lasts they would be served, or answered, too late. */
  inVain(requests: Request[]): void;
}

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
  readonly #impatience: Impatience;
  readonly #deadlines: Deadlines<Request>;
  readonly #lines: Partial<Record<Priority, Lines>> = {};
  #cancelPoll: (() => void) | undefined;

  constructor(multiplex: boolean, clock: Clock, impatience: Impatience) {
    this.#multiplex = multiplex;
    this.#clock = clock;
    this.#impatience = impatience;
    this.#deadlines = new Deadlines(clock, (requests) => {
      for (const request of requests) request.list?.remove(request);
      impatience.late(requests);
    });
  }

  get #queues(): readonly RequestQueue[] {
    return [this.shorts, this.alones, this.wholes];
  }

  get length(): number {
    return this.shorts.length + this.alones.length + this.wholes.length;
  }

  add(request: Request, now: number): void {
    this.#queueFor(request).push(this.#lineFor(request), request, now);
    this.#deadlines.add(request, request.deadline);
    this.#armPoll();
  }

  /** Its turn has come. */
  take(request: Request, now: number): void {
    request.list?.take(request, now);
    this.#deadlines.remove(request);
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
   * Whether one that has just come may stay; if not, it is shed. The first in its queue always stays: it shows
   * whether the server is still there.
   */
  admit(request: Request): boolean {
    const { list, priority } = request;
    const ahead = list ? list.lengthOf(priority) - 1 : 0;
    const now = this.#clock.now();
    if (!list || ahead === 0 || !list.isInVain(request, ahead, now)) return true;
    if (!this.#impatience.isServing) return true;
    this.#shed(request, list, now);
    this.#impatience.inVain([request]);
    return false;
  }

  /** Queue by queue, in each of them line by line; no more than `most`. */
  all(most?: number): Request[] {
    const all: Request[] = [];
    for (const queue of this.#queues) queue.listTo(all, most);
    return all;
  }

  /** Takes everybody out who came until then, to be refused. */
  takeAll(until = Infinity): Request[] {
    const taken = this.all().filter(({ enqueuedAt }) => enqueuedAt <= until);
    for (const request of taken) this.remove(request);
    return taken;
  }

  #armPoll(): void {
    this.#cancelPoll ??= this.#clock.after(POLL_MILLIS, () => {
      this.#cancelPoll = undefined;
      this.#poll();
      if (this.length > 0) this.#armPoll();
    });
  }

  #poll(): void {
    const now = this.#clock.now();
    const queues = this.#queues;
    if (this.#impatience.isServing) {
      const shed = queues.flatMap((queue) => this.#shedHeads(queue, now));
      if (shed.length > 0) this.#impatience.inVain(shed);
    } else {
      for (const queue of queues) queue.restartAdmission(now);
    }
  }

  /** All but the last: whoever stays behind them may still be in time. */
  #shedHeads(queue: RequestQueue, now: number): Request[] {
    const shed: Request[] = [];
    for (let { head } = queue; head; { head } = queue) {
      if (queue.lengthOf(head.priority) === 1 || !queue.isInVain(head, 0, now)) break;
      this.#shed(head, queue, now);
      shed.push(head);
    }
    return shed;
  }

  #shed(request: Request, queue: RequestQueue, now: number): void {
    queue.shed(request, now);
    this.#deadlines.remove(request);
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

import type { Priority } from '../context/context.ts';
import { Admission } from './admission.ts';
import { Heap } from './heap.ts';
import type { Line } from './line.ts';
import type { Request } from './request.ts';

/**
 * Those who wait for the same kind of place. All of one text and priority stand in a line of their own,
 * and the heads of the lines have their turn by rank: a text that turns out to be quicker or slower than
 * thought takes its whole line to another queue at once.
 *
 * To enter, to leave and to be found costs O(1), and O(log lines) where the head of a line changes.
 */
export class RequestQueue {
  readonly #lines = new Heap<Line>(isBefore);
  readonly #admissions: Partial<Record<Priority, Admission>> = {};
  #length = 0;
  #background = 0;

  /** Whose turn it is. */
  get head(): Request | undefined {
    return this.#lines.first?.head;
  }

  get length(): number {
    return this.#length;
  }

  lengthOf(priority: Priority): number {
    return priority === 'background' ? this.#background : this.#length - this.#background;
  }

  /** Those who stand in the line already come along, if it was in another queue. */
  push(line: Line, request: Request, now: number): void {
    if (line.queue !== this) this.adopt(line, now);
    this.#beginsUnlessWaiting(line.priority, now);
    line.push(request);
    this.#count(line.priority, 1);
    if (line.length === 1) this.#lines.add(line);
    else if (line.head === request) this.#lines.moved(line);
  }

  /** Its turn has come. */
  take(request: Request, now: number): void {
    this.remove(request);
    const { priority, enqueuedAt } = request;
    this.#admissions[priority]?.departed(now, now - enqueuedAt, this.lengthOf(priority));
  }

  /** It is refused because it would wait in vain. */
  shed(request: Request, now: number): void {
    this.remove(request);
    this.#admissions[request.priority]?.shed(now);
  }

  /** It gives up, or is refused for another reason. */
  remove(request: Request): void {
    const { line } = request;
    if (line?.queue !== this) return;
    const wasHead = line.head === request;
    line.remove(request);
    this.#count(line.priority, -1);
    if (line.length === 0) this.#lines.remove(line);
    else if (wasHead) this.#lines.moved(line);
  }

  /** Takes the line with all who stand in it, from whichever queue it was in. */
  adopt(line: Line, now: number): void {
    if (line.queue) line.queue.#drop(line);
    line.queue = this;
    if (line.length === 0) return;
    this.#beginsUnlessWaiting(line.priority, now);
    this.#count(line.priority, line.length);
    this.#lines.add(line);
  }

  /** Under overload that lasts: it would be served too late when `ahead` others of its priority go before. */
  isInVain(request: Request, ahead: number, now: number): boolean {
    return this.#admissions[request.priority]?.isInVain(request, ahead, now) ?? false;
  }

  /** That nobody is served has another reason than how fast the queue moves. */
  restartAdmission(now: number): void {
    this.#admissions.interactive?.restart(now);
    this.#admissions.background?.restart(now);
  }

  /** Adds those who stand here to `requests`, until it has `most`: line by line, in no order among the lines. */
  listTo(requests: Request[], most = Infinity): void {
    for (const line of this.#lines) {
      for (let { head } = line; head && requests.length < most; head = head.next) {
        requests.push(head);
      }
    }
  }

  #beginsUnlessWaiting(priority: Priority, now: number): void {
    if (this.lengthOf(priority) > 0) return;
    this.#admissions[priority] ??= new Admission();
    this.#admissions[priority].begins(now);
  }

  #drop(line: Line): void {
    if (line.length === 0) return;
    this.#count(line.priority, -line.length);
    this.#lines.remove(line);
  }

  #count(priority: Priority, more: number): void {
    this.#length += more;
    if (priority === 'background') this.#background += more;
  }
}

function isBefore(a: Line, b: Line): boolean {
  return rankOf(a) < rankOf(b);
}

function rankOf({ head }: Line): number {
  return head?.rank ?? Infinity;
}

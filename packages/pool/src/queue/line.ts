import type { Priority } from '../context/context.ts';
import type { Placed } from './heap.ts';
import type { Request } from './request.ts';
import type { RequestQueue } from './request-queue.ts';

/**
 * Requests of one kind and priority, by rank: first in, first out, with O(1) removal from anywhere.
 * A request stands in one line at most; the line owns its fields `line`, `previous` and `next`.
 */
export class Line implements Placed {
  readonly priority: Priority;
  head: Request | undefined;
  /** The queue that the line is part of; it stands in its heap while anybody waits. */
  queue: RequestQueue | undefined;
  place = -1;
  #tail: Request | undefined;
  #length = 0;

  constructor(priority: Priority) {
    this.priority = priority;
  }

  get length(): number {
    return this.#length;
  }

  /** Behind all who came before it: the last one, but for those who begin again. */
  push(request: Request): void {
    let previous = this.#tail;
    while (previous && previous.rank > request.rank) ({ previous } = previous);
    const next = previous ? previous.next : this.head;
    request.line = this;
    request.previous = previous;
    request.next = next;
    if (previous) previous.next = request;
    else this.head = request;
    if (next) next.previous = request;
    else this.#tail = request;
    this.#length++;
  }

  remove(request: Request): void {
    if (request.line !== this) return;
    if (request.previous) request.previous.next = request.next;
    else this.head = request.next;
    if (request.next) request.next.previous = request.previous;
    else this.#tail = request.previous;
    request.line = undefined;
    request.previous = undefined;
    request.next = undefined;
    this.#length--;
  }
}

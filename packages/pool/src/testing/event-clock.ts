import type { Clock } from '../clock.ts';
import { Heap, type Placed } from '../queue/heap.ts';

class Event implements Placed {
  place = -1;
  readonly at: number;
  readonly order: number;
  readonly fire: () => void;

  constructor(at: number, order: number, fire: () => void) {
    this.at = at;
    this.order = order;
    this.fire = fire;
  }
}

/** Time for simulations of very many events: it leaps from one to the next. */
export class EventClock implements Clock {
  readonly #events = new Heap<Event>((a, b) => a.at < b.at || (a.at === b.at && a.order < b.order));
  #now = 0;
  #count = 0;

  now(): number {
    return this.#now;
  }

  after(millis: number, fire: () => void): () => void {
    const event = new Event(this.#now + millis, this.#count++, fire);
    this.#events.add(event);
    return () => {
      if (event.place >= 0) this.#events.remove(event);
    };
  }

  /** Until nothing is to come any more, or until then. */
  run(until = Infinity): void {
    for (let { first } = this.#events; first && first.at <= until; { first } = this.#events) {
      this.#events.remove(first);
      this.#now = first.at;
      first.fire();
    }
    if (until !== Infinity) this.#now = until;
  }
}

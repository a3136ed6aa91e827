import { Repeats } from './repeats.ts';

/** One request of the application, such as an HTTP request, or a job. */
export class RequestScope {
  /** The route with its variable parts replaced, such as `GET /api/products/:id`; a job's name. */
  readonly route: string;
  readonly repeats = new Repeats();
  #asked: Map<string, number> | undefined;

  constructor(route: string) {
    this.route = route;
  }

  /** Returns how often the request has asked for an operation of this name, with this time. */
  asksFor(label: string): number {
    this.#asked ??= new Map();
    const count = (this.#asked.get(label) ?? 0) + 1;
    this.#asked.set(label, count);
    return count;
  }
}

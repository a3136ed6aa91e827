/**
 * One request of the application, such as an HTTP request.
 *
 * Counts how many statements of one text it has under way at once: a request that fans out
 * (`Promise.all` over a list) is the commonest way to empty a pool.
 */
export class RequestScope {
  /** The route with its variable parts replaced, such as `GET /api/products/:id`. */
  readonly route: string;
  readonly #underWay = new Map<string, number>();
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

  /** Returns how many statements of this text the request now has under way. */
  begin(text: string): number {
    const count = (this.#underWay.get(text) ?? 0) + 1;
    this.#underWay.set(text, count);
    return count;
  }

  end(text: string): void {
    const count = this.#underWay.get(text) ?? 0;
    if (count <= 1) this.#underWay.delete(text);
    else this.#underWay.set(text, count - 1);
  }
}

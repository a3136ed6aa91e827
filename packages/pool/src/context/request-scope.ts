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

  constructor(route: string) {
    this.route = route;
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

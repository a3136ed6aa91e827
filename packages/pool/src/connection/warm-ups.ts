/** Those who want connections to be open before anybody needs them. */
export class WarmUps {
  #waiting: { readonly count: number; readonly settle: (error?: Error) => void }[] = [];

  /** How many connections somebody wants to be open. */
  get count(): number {
    if (this.#waiting.length === 0) return 0;
    return Math.max(...this.#waiting.map(({ count }) => count));
  }

  add(count: number, settle: (error?: Error) => void): void {
    this.#waiting.push({ count, settle });
  }

  /** So many are open now. */
  notice(open: number): void {
    const done = this.#waiting.filter(({ count }) => count <= open);
    this.#waiting = this.#waiting.filter(({ count }) => count > open);
    for (const { settle } of done) settle();
  }

  /** No more can be opened. */
  fail(error: Error): void {
    const failed = this.#waiting;
    this.#waiting = [];
    for (const { settle } of failed) settle(error);
  }
}

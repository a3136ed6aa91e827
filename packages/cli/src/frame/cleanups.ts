/** What has to be undone at the end, in reverse order, whatever happened. */
export class Cleanups {
  #steps: (() => unknown)[] = [];
  #done: Promise<void> | undefined;

  /** What was started too late to be kept is undone at once. */
  add(step: () => unknown): void {
    if (this.#done) void this.#done.then(() => this.#undo(step));
    else this.#steps.unshift(step);
  }

  /** Runs them all once; one that fails does not keep the others. */
  run(): Promise<void> {
    this.#done ??= (async () => {
      for (const step of this.#steps) await this.#undo(step);
    })();
    return this.#done;
  }

  async #undo(step: () => unknown): Promise<void> {
    try {
      await step();
    } catch (error) {
      console.error(`While cleaning up: ${(error as Error).message}`);
    }
  }
}

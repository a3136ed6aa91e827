/** What has to be undone at the end, in reverse order, whatever happened. */
export class Cleanups {
  #steps: (() => unknown)[] = [];
  #done: Promise<void> | undefined;

  add(step: () => unknown): void {
    this.#steps.unshift(step);
  }

  /** Runs them all once; one that fails does not keep the others. */
  run(): Promise<void> {
    this.#done ??= (async () => {
      for (const step of this.#steps) {
        try {
          await step();
        } catch (error) {
          console.error(`While cleaning up: ${(error as Error).message}`);
        }
      }
    })();
    return this.#done;
  }
}

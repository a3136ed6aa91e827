function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** The event loop's turns: what comes from outside comes in one of its own, as from a socket. */
export class Turns {
  #begun = 0;
  #done = 0;

  async act(action: () => void): Promise<void> {
    await nextTurn();
    action();
  }

  /** Runs `action` in the next turn, which {@link rest} waits for. */
  soon(action: () => void): void {
    this.#begun++;
    setImmediate(() => {
      this.#done++;
      action();
    });
  }

  /** Until all is done that was begun: a second turn, for what the first one puts off. */
  async rest(): Promise<void> {
    let before: number;
    do {
      before = this.#done;
      await nextTurn();
      await nextTurn();
    } while (this.#done > before || this.#done < this.#begun);
  }
}

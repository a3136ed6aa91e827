import type { PgClient } from '../pg-internals.ts';

/** What is sent in one turn of the event loop goes to the network in one piece. */
export class OneWrite {
  readonly #client: PgClient;
  #isCorked = false;

  constructor(client: PgClient) {
    this.#client = client;
  }

  /** Called before something is written. */
  begin(): void {
    const stream = this.#client.connection?.stream;
    if (!stream || this.#isCorked) return;
    this.#isCorked = true;
    stream.cork();
    process.nextTick(() => {
      this.#isCorked = false;
      stream.uncork();
    });
  }
}

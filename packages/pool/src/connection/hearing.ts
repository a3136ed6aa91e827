import type { PgClient } from '../pg-internals.ts';

/** When the server was heard last: bytes count, for a long answer is no silence. */
export class Hearing {
  readonly #client: PgClient;
  #bytes: number | undefined;
  #heardAt = Number.NEGATIVE_INFINITY;
  /** It was asked for a sign of life. */
  isExpecting = false;

  constructor(client: PgClient) {
    this.#client = client;
  }

  expects(now: number): void {
    this.isExpecting = true;
    this.#heardAt = now;
  }

  /** From now on its silence counts. */
  restart(now: number): void {
    this.#heardAt = now;
  }

  /** It has answered something. */
  heard(now: number): void {
    this.#heardAt = now;
    this.isExpecting = false;
  }

  listen(now: number): void {
    const bytes = this.#client.connection?.stream.bytesRead;
    if (bytes !== this.#bytes) this.#heardAt = now;
    this.#bytes = bytes;
  }

  isDeaf(now: number, millis: number): boolean {
    return now - this.#heardAt > millis;
  }
}

import type { PgClient } from '../pg-internals.ts';

/** When the server was heard last: bytes count, for a long answer is no silence. */
export class Hearing {
  readonly #client: PgClient;
  #bytes: number | undefined;
  #heardAt = Number.NEGATIVE_INFINITY;
  /** Since when its silence counts. */
  #since = Number.NEGATIVE_INFINITY;
  /** It was asked for a sign of life. */
  isExpecting = false;

  constructor(client: PgClient) {
    this.#client = client;
  }

  expects(now: number): void {
    this.isExpecting = true;
    this.restart(now);
  }

  /** From now on its silence counts, unless it counts already. */
  restart(now: number): void {
    if (this.#since <= this.#heardAt) this.#since = now;
  }

  /** It has answered something. */
  heard(now: number): void {
    this.#heardAt = now;
    this.isExpecting = false;
  }

  /** True when something has come since the last time. */
  listen(now: number): boolean {
    const bytes = this.#client.connection?.stream.bytesRead;
    if (bytes === this.#bytes) return false;
    this.#bytes = bytes;
    this.#heardAt = now;
    return true;
  }

  isDeaf(now: number, millis: number): boolean {
    return now - Math.max(this.#heardAt, this.#since) > millis;
  }

  /** For how long nothing has come, whatever was asked meanwhile. */
  silentMillis(now: number): number {
    return now - this.#heardAt;
  }
}

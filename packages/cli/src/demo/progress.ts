import pc from 'picocolors';

/** Says what is being done: one line that changes on a terminal, a line each elsewhere. */
export class Progress {
  readonly #stream: NodeJS.WriteStream;
  readonly #startedAt = performance.now();
  #text = '';
  #timer: NodeJS.Timeout | undefined;

  /** To stderr, so that it never stands in somebody's JSON. */
  constructor(stream: NodeJS.WriteStream = process.stderr) {
    this.#stream = stream;
  }

  show(text: string): void {
    this.#text = text;
    if (!this.#stream.isTTY) {
      this.#stream.write(`${this.#elapsed()} ${text}\n`);
      return;
    }
    this.#draw();
    // The seconds go on, so that a long step does not look like a hang.
    this.#timer ??= setInterval(() => this.#draw(), 1_000).unref();
  }

  end(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
    if (this.#stream.isTTY && this.#text) this.#stream.write('\r\u001b[K');
    this.#text = '';
  }

  #draw(): void {
    this.#stream.write(`\r\u001b[K${pc.dim(this.#elapsed())} ${this.#text}`);
  }

  #elapsed(): string {
    const seconds = Math.round((performance.now() - this.#startedAt) / 1_000);
    return `${String(seconds).padStart(4)} s`;
  }
}

import { coloursOf } from './colours.ts';

interface ProgressOptions {
  /** Say nothing before so many ms have passed; default 0. */
  readonly quietMillis?: number;
  /** stderr unless given, so that it never stands in somebody's JSON. */
  readonly stream?: NodeJS.WriteStream;
}

/** Says what is being done: one line that changes on a terminal, a line each elsewhere. */
export class Progress {
  readonly #stream: NodeJS.WriteStream;
  readonly #quietMillis: number;
  readonly #startedAt = performance.now();
  #text = '';
  #timer: NodeJS.Timeout | undefined;

  constructor({ stream = process.stderr, quietMillis = 0 }: ProgressOptions = {}) {
    this.#stream = stream;
    this.#quietMillis = quietMillis;
  }

  show(text: string): void {
    this.#text = text;
    const quietFor = this.#quietMillis - (performance.now() - this.#startedAt);
    if (quietFor <= 0) this.#begin();
    else this.#timer ??= setTimeout(() => this.#begin(), quietFor).unref();
  }

  /** Says something that stays to be read. */
  note(text: string): void {
    const isTerminal = this.#stream.isTTY;
    this.#stream.write(`${isTerminal ? '\r\u001b[K' : ''}${this.#elapsed()} ${text}\n`);
    if (isTerminal && this.#text) this.#draw();
  }

  end(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
    if (this.#stream.isTTY && this.#text) this.#stream.write('\r\u001b[K');
    this.#text = '';
  }

  #begin(): void {
    if (!this.#stream.isTTY) {
      this.#stream.write(`${this.#elapsed()} ${this.#text}\n`);
      clearInterval(this.#timer);
      this.#timer = undefined;
      return;
    }
    this.#draw();
    // The seconds go on, so that a long step does not look like a hang.
    clearInterval(this.#timer);
    this.#timer = setInterval(() => this.#draw(), 1_000).unref();
  }

  #draw(): void {
    const { dim } = coloursOf(this.#stream, process.env);
    this.#stream.write(`\r\u001b[K${dim(this.#elapsed())} ${this.#text}`);
  }

  #elapsed(): string {
    const seconds = Math.round((performance.now() - this.#startedAt) / 1_000);
    return `${String(seconds).padStart(4)} s`;
  }
}

const MAX_LINES = 40;

/** The last lines of a log that arrives in pieces. */
export class LogTail {
  readonly #onLine: (line: string) => void;
  readonly #lines: string[] = [];
  #partial = '';

  constructor(onLine: (line: string) => void) {
    this.#onLine = onLine;
  }

  add(piece: string): void {
    const lines = (this.#partial + piece).split('\n');
    this.#partial = lines.pop() ?? '';
    for (const line of lines) {
      this.#lines.push(line);
      if (this.#lines.length > MAX_LINES) this.#lines.shift();
      this.#onLine(line);
    }
  }

  toString(): string {
    return [...this.#lines, this.#partial].join('\n').trim();
  }
}

/** Draws a text where it stood before, on a terminal: no flicker, and nothing left behind. */
export class Screen {
  readonly #stream: NodeJS.WriteStream;
  #isOpen = false;

  constructor(stream: NodeJS.WriteStream) {
    this.#stream = stream;
  }

  /** Lines beyond the terminal's height are left out, the last one says so. */
  draw(text: string): void {
    if (!this.#isOpen) {
      this.#isOpen = true;
      // Another screen, which leaves what stood there; and no cursor.
      this.#stream.write('\u001b[?1049h\u001b[?25l');
    }
    const lines = fitted(text.split('\n'), this.#stream.rows || 24);
    const drawn = lines.map((line) => `${line}\u001b[K`).join('\r\n');
    this.#stream.write(`\u001b[H${drawn}\u001b[J`);
  }

  close(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#stream.write('\u001b[?25h\u001b[?1049l');
  }
}

/** Pure. */
export function fitted(lines: readonly string[], rows: number): readonly string[] {
  if (lines.length <= rows) return lines;
  const hidden = lines.length - rows + 1;
  return [...lines.slice(0, rows - 1), `… ${hidden} lines more: make the window taller`];
}

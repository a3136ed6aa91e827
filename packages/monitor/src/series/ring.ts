/** The last rows of a table of numbers, column by column, in memory that never grows. */
export class Ring {
  readonly #columns: Float64Array[];
  readonly #capacity: number;
  /** Rows ever written. */
  #written = 0;

  constructor(columns: number, capacity: number) {
    this.#capacity = capacity;
    this.#columns = Array.from({ length: columns }, () => new Float64Array(capacity));
  }

  get length(): number {
    return Math.min(this.#written, this.#capacity);
  }

  push(row: readonly number[]): void {
    const at = this.#written % this.#capacity;
    for (const [i, column] of this.#columns.entries()) column[at] = row[i] ?? Number.NaN;
    this.#written++;
  }

  /** The last `rows` of a column, the oldest first. */
  last(column: number, rows: number): number[] {
    const values = this.#columns[column];
    const count = Math.min(rows, this.length);
    return Array.from(
      { length: count },
      (_, i) => values?.[(this.#written - count + i) % this.#capacity] ?? Number.NaN,
    );
  }
}

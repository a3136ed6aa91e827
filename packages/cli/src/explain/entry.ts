/** One event of a log: a line, or an error with its stack. */
export interface Entry {
  /** Without what a logger or container put before it. */
  readonly text: string;
  /** Milliseconds since 1970, where the log tells. */
  readonly time: number | undefined;
  /** What a structured log says of the error, in its own shape. */
  readonly structured?: object;
}

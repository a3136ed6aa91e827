import type pg from 'pg';

/** Of pg's connection, what a conversation with the server needs. */
interface Wire {
  query(text: string): void;
  parse(message: { text: string }): void;
  bind(message: { portal: string; values: unknown[] }): void;
  describe(message: { type: 'P'; name: string }): void;
  execute(message: { portal: string; rows: number }): void;
  flush(): void;
  sync(): void;
  sendCopyFromChunk(chunk: Buffer): void;
  endCopyFrom(): void;
}

/** What pg's client calls while the answers of one submittable come in. */
abstract class Conversation<T> {
  /** pg puts its own caller's here. */
  callback: ((error: Error | undefined, result?: T) => void) | undefined;
  #error: Error | undefined;
  protected abstract readonly result: T;

  abstract submit(wire: Wire): void;

  handleRowDescription(): void {}
  handleDataRow(_message: { fields: string[] }): void {}
  handleCopyData(_message: { chunk: Buffer }): void {}
  handleCopyInResponse(_wire: Wire): void {}
  handlePortalSuspended(_wire: Wire): void {}
  handleCommandComplete(_message: unknown, _wire: Wire): void {}

  handleError(error: Error, _wire: Wire): void {
    this.#error ??= error;
    // Of a connection that is lost nothing else is heard.
    this.#finish();
  }

  handleReadyForQuery(): void {
    this.#finish();
  }

  #finish(): void {
    const { callback } = this;
    this.callback = undefined;
    callback?.(this.#error, this.#error ? undefined : this.result);
  }
}

/** COPY … FROM STDIN, as pg-copy-streams does it. */
export class CopyIn extends Conversation<undefined> {
  protected readonly result = undefined;
  readonly #text: string;
  readonly #lines: readonly string[];

  constructor(text: string, lines: readonly string[]) {
    super();
    this.#text = text;
    this.#lines = lines;
  }

  submit(wire: Wire): void {
    wire.query(this.#text);
  }

  override handleCopyInResponse(wire: Wire): void {
    for (const line of this.#lines) wire.sendCopyFromChunk(Buffer.from(`${line}\n`));
    wire.endCopyFrom();
  }
}

/** COPY … TO STDOUT; its result is the text. */
export class CopyOut extends Conversation<string> {
  #copied = '';
  readonly #text: string;

  constructor(text: string) {
    super();
    this.#text = text;
  }

  protected get result(): string {
    return this.#copied;
  }

  submit(wire: Wire): void {
    wire.query(this.#text);
  }

  override handleCopyData({ chunk }: { chunk: Buffer }): void {
    this.#copied += chunk.toString();
  }
}

/** Reads a portal some rows at a time, as pg-cursor does it; its result is all first columns. */
export class Cursor extends Conversation<string[]> {
  protected readonly result: string[] = [];
  readonly #text: string;
  readonly #values: unknown[];
  readonly #portal: string;
  readonly #rows: number;

  constructor(text: string, values: unknown[], rows: number) {
    super();
    this.#text = text;
    this.#values = values.map(String);
    this.#rows = rows;
    this.#portal = `portal_${values[0]}`;
  }

  submit(wire: Wire): void {
    wire.parse({ text: this.#text });
    wire.bind({ portal: this.#portal, values: this.#values });
    wire.describe({ type: 'P', name: this.#portal });
    this.handlePortalSuspended(wire);
  }

  override handlePortalSuspended(wire: Wire): void {
    wire.execute({ portal: this.#portal, rows: this.#rows });
    wire.flush();
  }

  override handleDataRow({ fields }: { fields: string[] }): void {
    this.result.push(fields[0] ?? '');
  }

  override handleCommandComplete(_message: unknown, wire: Wire): void {
    wire.sync();
  }

  override handleError(error: Error, wire: Wire): void {
    // After an error the server skips everything until a Sync.
    wire.sync();
    super.handleError(error, wire);
  }
}

/** Resolves to the result of a conversation, on a client or on a pool. */
export function converse<T>(
  on: pg.Pool | pg.PoolClient,
  conversation: Conversation<T>,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const query = on.query.bind(on) as (
      submittable: unknown,
      values: undefined,
      callback: NonNullable<Conversation<T>['callback']>,
    ) => void;
    query(conversation, undefined, (error, result) =>
      error ? reject(error) : resolve(result as T),
    );
  });
}

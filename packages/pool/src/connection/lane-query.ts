import type { Callback } from '../checkout/said.ts';
import type { PgResult, QueryClass, WireConnection } from '../pg-internals.ts';
import { type PreparedStatements, USES_BEFORE_PREPARING } from '../statement/prepared.ts';
import type { StatementProfile } from '../statement/profiles.ts';

/** What a caller gave for one statement. */
export interface StatementConfig {
  readonly text: string;
  readonly values?: unknown[] | undefined;
  readonly rowMode?: 'array' | undefined;
  readonly types?: unknown;
  readonly binary?: boolean | undefined;
  readonly queryMode?: string | undefined;
  /** The caller asked for a prepared statement by naming it. */
  readonly name?: string | undefined;
}

/** One statement on the wire of a shared lane. Its answer is read when the server is ready again. */
export interface LaneQuery {
  /** The server has said how it ended. */
  readonly isAnswered: boolean;
  readonly error: Error | undefined;
  readonly result: unknown;
  /** Set when nothing of it was written, because a value could not be serialised. */
  readonly notSent: boolean;
  /** Sent under the name of a prepared statement. */
  readonly prepared: boolean;
  /** With it went the Parse that makes its name known to the server. */
  readonly parsed: boolean;
  /** Somebody who has wrapped pg's `query` wants to hear of its outcome as well. */
  readonly isTraced: boolean;
}

export type LaneQueryClass = new (
  config: StatementConfig,
  profile: StatementProfile,
  prepared: PreparedStatements | undefined,
) => LaneQuery;

/** The protocol counts parameters in 16 bits. */
const MOST_PARAMETERS = 65_535;

function noop(): void {}

/**
 * Makes the query class for one copy of pg.
 *
 * Against pg's own Query: values are serialised before the first byte is written, so that a bad
 * one leaves nothing half sent; prepared statements are named by the pool; and the outcome is kept
 * until ReadyForQuery, because only then is the connection's state known. Whoever traces statements, as
 * OpenTelemetry's instrumentation does, has put a callback of its own around ours, and is told by that.
 */
export function defineLaneQuery(
  Query: QueryClass,
  prepareValue: (value: unknown) => unknown,
): LaneQueryClass {
  const serialise = (values: unknown[]): unknown[] => {
    if (values.length > MOST_PARAMETERS) {
      throw new RangeError(
        `a statement takes at most ${MOST_PARAMETERS} parameters, not ${values.length}: send it in parts, or pass an array as one parameter (= ANY($1))`,
      );
    }
    // Not `map(prepareValue)`: its second parameter is not an index.
    return values.map((value) => prepareValue(value));
  };

  return class extends Query implements LaneQuery {
    error: Error | undefined;
    result: unknown;
    notSent = false;
    readonly prepared: boolean;
    parsed = false;
    /** In pg it would go by the extended protocol, prepared or not; only there a result is binary. */
    readonly #isExtended: boolean;
    readonly #statements: PreparedStatements | undefined;
    /** A tracer may write a comment into `text`, another one each time. */
    readonly #text: string;
    #values: unknown[] = [];

    constructor(
      config: StatementConfig,
      profile: StatementProfile,
      statements: PreparedStatements | undefined,
    ) {
      // As text: pg copies a configuration by its property descriptors, at the price of a small statement.
      super(config.text, config.values);
      this.#text = config.text;
      // Of a statement without any a tracer sends a copy with a comment, which is none of ours.
      this.name = null;
      const { rowMode, types, binary, queryMode, name } = config;
      if (binary) this.binary = binary;
      if (queryMode) this.queryMode = queryMode;
      this.#isExtended = name !== undefined || this.requiresPreparation();
      if (rowMode || types) this.#shapeResult(rowMode, types);
      // With a callback pg's Query collects rows without asking for listeners at every one.
      this.callback = noop;
      this.#statements = statements;
      // Only a text that has worked before: a failed Parse would take those behind it along.
      const uses = name === undefined ? USES_BEFORE_PREPARING : 1;
      this.prepared = statements !== undefined && profile.isWorthPreparing(config.text, uses);
    }

    #shapeResult(rowMode: StatementConfig['rowMode'], types: unknown): void {
      const Result = this._result.constructor as new (rowMode: unknown, types: unknown) => PgResult;
      this._result = new Result(rowMode, types);
      this._results = this._result;
    }

    get isAnswered(): boolean {
      return this.error !== undefined || this.result !== undefined;
    }

    override submit(wire: WireConnection): Error | null {
      try {
        this.#values = serialise(this.values ?? []);
      } catch (error) {
        this.notSent = true;
        this.error = error as Error;
        return this.error;
      }
      if (!this.prepared && !this.#isExtended) {
        wire.query(this.#text);
        return null;
      }
      this.#write(wire);
      return null;
    }

    #write(wire: WireConnection): void {
      let statement = '';
      if (this.prepared && this.#statements) {
        const { name, fresh, close } = this.#statements.use(this.#text);
        statement = name;
        this.parsed = fresh;
        for (const old of close) wire.close({ type: 'S', name: old });
        if (fresh) wire.parse({ text: this.#text, name });
      } else {
        wire.parse({ text: this.#text, name: '' });
      }
      const binary = this.binary && this.#isExtended;
      wire.bind({ portal: '', statement, values: this.#values, binary });
      wire.describe({ type: 'P', name: '' });
      wire.execute({ portal: '', rows: 0 });
      wire.sync();
    }

    handleDataRow(message: { fields: unknown[] }): void {
      if (this._canceledDueToError) return;
      try {
        this._result.addRow(this._result.parseRow(message.fields));
      } catch (error) {
        // A type parser of the caller's threw: the rest of the answer has to be read all the same.
        this._canceledDueToError = error as Error;
      }
    }

    override handleError(error: Error): void {
      this.error ??= this._canceledDueToError || error;
      this.#tell();
    }

    handleReadyForQuery(): void {
      if (this._canceledDueToError) this.error ??= this._canceledDueToError;
      this.result = this._results;
      this.#tell();
    }

    get isTraced(): boolean {
      return this.callback !== noop;
    }

    #tell(): void {
      const { callback } = this;
      if (callback === noop) return;
      this.callback = noop;
      try {
        (callback as Callback)(this.error ?? null, this.error ? undefined : this.result);
      } catch (thrown) {
        process.nextTick(() => {
          throw thrown;
        });
      }
    }
  };
}

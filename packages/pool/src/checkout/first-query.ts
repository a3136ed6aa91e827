import type { PgQuery, QueryClass, WireConnection } from '../pg-internals.ts';

/** A statement that carries the opening of its transaction with it. */
export interface FirstQuery extends PgQuery {
  /** Its values could not be serialised; nothing may be sent. */
  readonly unusable: Error | undefined;
}

export type FirstQueryClass = new (
  opening: readonly string[],
  config: unknown,
  values: unknown,
) => FirstQuery;

/**
 * Makes the query class for one copy of pg.
 *
 * `BEGIN` and what sets its modes go before the statement without a Sync between them: should one of
 * them fail, the server skips the rest, so that the statement never runs outside of its transaction.
 */
export function defineFirstQuery(
  Query: QueryClass,
  prepareValue: (value: unknown) => unknown,
): FirstQueryClass {
  return class extends Query implements FirstQuery {
    readonly unusable: Error | undefined;
    readonly #opening: readonly string[];
    /** Answers of the opening that are still to come. */
    #openingLeft: number;
    /** In pg it would go by the simple protocol, whose results are text whatever was asked for. */
    readonly #isText: boolean;

    constructor(opening: readonly string[], config: unknown, values: unknown) {
      super(config, values);
      this.#opening = opening;
      this.#openingLeft = opening.length;
      // Of a statement without any a tracer sends a copy with a comment, which brings no BEGIN.
      this.name ??= null;
      this.#isText = !this.requiresPreparation();
      // The simple protocol would bring a Sync of its own.
      this.queryMode = 'extended';
      if (this.values && !Array.isArray(this.values)) {
        // pg's words. It would say so only when the opening is gone.
        this.unusable = new Error('Query values must be an array');
        return;
      }
      try {
        if (this.values) this.values = this.values.map((value) => prepareValue(value));
      } catch (error) {
        this.unusable = error as Error;
      }
    }

    /** pg calls it once it has checked the statement: from here on everything is written. */
    override prepare(wire: WireConnection): void {
      for (const text of this.#opening) {
        wire.parse({ text, name: '' });
        wire.bind({ portal: '', statement: '', values: [], binary: false });
        wire.execute({ portal: '', rows: 0 });
      }
      if (this.#isText) this.binary = false;
      super.prepare(wire);
    }

    /**
     * A `BEGIN` that is refused was answered long since: its holder believes to be in a transaction, and
     * nothing of it may run outside. As with a `BEGIN` that goes by itself, the connection is given up.
     */
    override handleError(error: Error, wire: WireConnection | undefined): void {
      const { length } = this.#opening;
      if (length > 0 && this.#openingLeft === length) wire?.stream.destroy();
      super.handleError(error, wire);
    }

    override handleCommandComplete(message: unknown, wire: WireConnection): void {
      if (this.#openingLeft > 0) this.#openingLeft--;
      else super.handleCommandComplete(message, wire);
    }
  };
}

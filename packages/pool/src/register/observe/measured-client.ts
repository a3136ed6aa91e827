import type { ClientClass, TransactionStatus } from '../../pg-internals.ts';
import type { PoolMeter } from './pool-meter.ts';
import { safely } from './safely.ts';

interface ReadyForQuery {
  readonly status: TransactionStatus;
}

type Ended = (error?: Error | null) => void;
type Callback = (error: Error | null, ...rest: unknown[]) => unknown;

/**
 * A client class that tells when a login or a statement begins and ends, and changes nothing else:
 * arguments, results, errors and their order are the client's own.
 */
export function measureClient(
  Client: ClientClass,
  meter: PoolMeter,
  total: () => number,
): ClientClass {
  class MeasuredClient extends Client {
    /** Statements whose end was not seen yet. */
    readonly #underWay = new Set<Ended>();
    #status: TransactionStatus | undefined;

    constructor(config: unknown) {
      super(config);
      // Before pg hears it, which then ends the statement; pg itself tells the status since 8.23.
      this.connection?.prependListener?.('readyForQuery', (message?: ReadyForQuery) => {
        this.#status = message?.status;
      });
    }

    override connect(callback?: Callback): unknown {
      // Only a pool's own logins count, and pg-pool gives a callback.
      if (!callback) return (super.connect as () => unknown)();
      const told = safely(() => meter.connecting(total()));
      const ended: Ended = (error) => safely(() => told?.(error));
      try {
        return super.connect(after(ended, callback));
      } catch (error) {
        ended(error as Error);
        throw error;
      }
    }

    override query(config: unknown, values?: unknown, callback?: unknown): unknown {
      const ended = this.#begin(textOf(config));
      try {
        // A cursor or stream ends when its reader is done with it: the client's 'drain' tells.
        if (isSubmittable(config)) return super.query(config, values, callback);
        if (isCallback(values)) return super.query(config, after(ended, values));
        if (isCallback(callback)) return super.query(config, values, after(ended, callback));
        const result = super.query(config, values, callback);
        return isPromise(result) ? result.then(...passOn(ended)) : result;
      } catch (error) {
        ended(error as Error);
        throw error;
      }
    }

    override emit(event: string | symbol, ...args: unknown[]): boolean {
      // A constructor below may emit before this class has its fields.
      if (#underWay in this) {
        if (event === 'error' && this.#underWay.size === 0) meter.lostIdle(args[0] as Error);
        if (event === 'drain') for (const ended of this.#underWay) ended();
      }
      return super.emit(event, ...args);
    }

    #begin(text: string | undefined): Ended {
      const told = safely(() => meter.statementBegins(this, text));
      const ended: Ended = (error) => {
        if (this.#underWay.delete(ended)) safely(() => told?.(error, this.#status));
      };
      this.#underWay.add(ended);
      return ended;
    }
  }
  Object.defineProperty(MeasuredClient, 'name', { value: Client.name });
  return MeasuredClient;
}

function after(ended: Ended, callback: Callback): Callback {
  // pg calls back with the query as `this`.
  return function (this: unknown, error, ...rest) {
    ended(error);
    return callback.call(this, error, ...rest);
  };
}

function passOn(ended: Ended): [(value: unknown) => unknown, (error: Error) => never] {
  return [
    (value) => {
      ended();
      return value;
    },
    (error) => {
      ended(error);
      throw error;
    },
  ];
}

/** The text of a statement, which a submittable may have too. */
export function textOf(config: unknown): string | undefined {
  const text = typeof config === 'string' ? config : (config as { text?: unknown } | null)?.text;
  return typeof text === 'string' ? text : undefined;
}

function isSubmittable(config: unknown): boolean {
  return typeof (config as { submit?: unknown } | null | undefined)?.submit === 'function';
}

function isCallback(value: unknown): value is Callback {
  return typeof value === 'function';
}

function isPromise(value: unknown): value is Promise<unknown> {
  return typeof (value as { then?: unknown } | null | undefined)?.then === 'function';
}

import type { ClientClass, PgClient, TransactionStatus } from '../pg-internals.ts';

/** Whom a client asks before it sends a statement of the application's. The pool itself goes around. */
export interface Gate {
  query(face: ObservedClient, config: unknown, values: unknown, callback: unknown): unknown;
  /**
   * In a transaction from its BEGIN on, and in none of those who have begun behind its COMMIT; undefined: what the
   * server says is true of its holder.
   */
  statusFor(face: ObservedClient): TransactionStatus | undefined;
  /** The client is one holder's, who may cancel what it runs. */
  readonly isExclusive: boolean;
}

export const GATE = Symbol('lifeguard.gate');
const PROCESS_ID = Symbol('lifeguard.processID');

export interface ObservedClient extends PgClient {
  [GATE]: Gate | undefined;
  [PROCESS_ID]: number | null;
}

/** The server's number of the session, whoever uses it. */
export function processIdOf(client: ObservedClient): number | null {
  return client[PROCESS_ID];
}

export type ObservedClientClass = new (config: unknown) => ObservedClient;

/** Answers somebody who uses a client that is not his any more. */
export function refuseStray(config: unknown, values: unknown, callback: unknown): unknown {
  const error = new Error(
    'Client was used after it was released to the pool: run the statement before release(), or with pool.query()',
  );
  const submittable = config as { handleError?: (error: Error) => void } | null;
  if (typeof submittable?.handleError === 'function') {
    process.nextTick(() => submittable.handleError?.(error));
    return config;
  }
  const settle = typeof values === 'function' ? values : callback;
  if (typeof settle !== 'function') return Promise.reject(error);
  process.nextTick(() => settle(error));
  return undefined;
}

/** Ends a scope (`await using`): gives back what its holder had when the scope began, if it still has it. */
export function disposerOf(client: ObservedClient): () => Promise<void> {
  const { release } = client;
  return async () => {
    if (client.release === release) release?.();
  };
}

/**
 * A client class that asks before its holder's statements are sent: on a shared connection a stray
 * one would take a neighbour's answer.
 */
export function observeClient(Client: ClientClass): ObservedClientClass {
  class Observed extends Client {
    [GATE]: Gate | undefined = undefined;
    declare [PROCESS_ID]: number | null;

    override query(config: unknown, values?: unknown, callback?: unknown): unknown {
      const gate = this[GATE];
      if (gate) return gate.query(this, config, values, callback);
      return super.query(config, values, callback);
    }

    override getTransactionStatus(): TransactionStatus | null {
      return this[GATE]?.statusFor(this) ?? super.getTransactionStatus?.() ?? null;
    }

    override end(callback?: () => void): unknown {
      // In a pipeline pg waits for the answers; whoever ends a pooled client means to cut it.
      this.pipeline = false;
      return super.end(callback);
    }
  }
  Object.defineProperty(Observed, 'name', { value: Client.name });
  // Libraries cancel by this number: on a shared connection that would strike a neighbour.
  Object.defineProperty(Observed.prototype, 'processID', {
    get(this: ObservedClient) {
      return this[GATE]?.isExclusive === false ? null : (this[PROCESS_ID] ?? null);
    },
    set(this: ObservedClient, value: number | null) {
      this[PROCESS_ID] = value;
    },
    configurable: true,
  });
  Object.defineProperty(Observed.prototype, Symbol.asyncDispose, {
    get(this: ObservedClient) {
      return disposerOf(this);
    },
    configurable: true,
  });
  return Observed;
}

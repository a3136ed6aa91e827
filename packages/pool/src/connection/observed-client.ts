import type { ClientClass, PgClient } from '../pg-internals.ts';

/** Whom a client asks before it sends a statement of the application's. The pool itself goes around. */
export interface Gate {
  query(face: ObservedClient, config: unknown, values: unknown, callback: unknown): unknown;
}

export const GATE = Symbol('lifeguard.gate');

export interface ObservedClient extends PgClient {
  [GATE]: Gate | undefined;
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

/**
 * A client class that asks before its holder's statements are sent: on a shared connection a stray
 * one would take a neighbour's answer.
 */
export function observeClient(Client: ClientClass): ObservedClientClass {
  return class extends Client {
    [GATE]: Gate | undefined = undefined;

    override query(config: unknown, values?: unknown, callback?: unknown): unknown {
      const gate = this[GATE];
      if (gate) return gate.query(this, config, values, callback);
      return super.query(config, values, callback);
    }

    override end(callback?: () => void): unknown {
      // In a pipeline pg waits for the answers; whoever ends a pooled client means to cut it.
      this.pipeline = false;
      return super.end(callback);
    }
  };
}

import type { ClientClass, PgClient } from '../pg-internals.ts';

/** Who may use a client now. The pool itself goes around the gate. */
export interface Gate {
  /** False: nobody has it checked out. */
  readonly open: boolean;
  statementBegins(): void;
}

export const GATE = Symbol('lifeguard.gate');

export interface ObservedClient extends PgClient {
  [GATE]: Gate | undefined;
}

export type ObservedClientClass = new (config: unknown) => ObservedClient;

function refuse(config: unknown, values: unknown, callback: unknown): unknown {
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
 * A client class that tells when its holder sends a statement, and refuses whoever no longer
 * holds it: on a shared connection a stray statement would take a neighbour's answer.
 */
export function observeClient(Client: ClientClass): ObservedClientClass {
  return class extends Client {
    [GATE]: Gate | undefined = undefined;

    override query(config: unknown, values?: unknown, callback?: unknown): unknown {
      const gate = this[GATE];
      if (gate && !gate.open) return refuse(config, values, callback);
      const result = super.query(config, values, callback);
      gate?.statementBegins();
      return result;
    }

    override end(callback?: () => void): unknown {
      // In a pipeline pg waits for the answers; whoever ends a pooled client means to cut it.
      this.pipeline = false;
      return super.end(callback);
    }
  };
}

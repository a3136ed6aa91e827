import type { EventEmitter } from 'node:events';
import { isLostConnection } from '../errors/kinds.ts';
import type { Failure } from '../errors/translate.ts';
import type { Transaction } from './adapter-types.ts';

/**
 * Why a transaction lost its connection. The server says so once, to whoever is listening then: to a
 * statement, or to nobody when the transaction was idle. All that follow hear only that it is gone.
 */
export class Loss {
  #first: Partial<Pick<Failure, 'origin' | 'thrown'>> | undefined;
  readonly #client: EventEmitter | undefined;
  readonly #heard = (error: Error): void => {
    this.#first ??= { origin: error };
  };

  /** The connection is the transaction's own, and hidden by its type only. */
  constructor(transaction: Transaction) {
    this.#client = (transaction as unknown as { client?: EventEmitter }).client;
    this.#client?.on?.('error', this.#heard);
  }

  over(): void {
    this.#client?.removeListener?.('error', this.#heard);
  }

  /** The same failure, with the first word on it. */
  explain(failure: Failure): Failure {
    const { origin, thrown } = failure;
    if (!isLostConnection(origin)) return failure;
    const isTheServersWord = 'severity' in (origin as object);
    if (isTheServersWord || !this.#first) this.#first = { origin, thrown };
    return { ...failure, ...this.#first };
  }
}

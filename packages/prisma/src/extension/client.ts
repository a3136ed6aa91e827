import type { ClientTransactionOptions } from '../transaction/options.ts';

/** As much of Prisma's client as an extension needs. */
export interface ExtensibleClient {
  $transaction(this: unknown, ...args: unknown[]): Promise<unknown>;
  $extends(extension: object): ExtensibleClient;
  /** Private to Prisma: the defaults that the client was made with, and its schema. */
  _engineConfig?: { transactionOptions?: ClientTransactionOptions; inlineSchema?: string };
}

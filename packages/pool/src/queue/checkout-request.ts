import type { CallSite } from '../context/call-site.ts';
import type { CallContext, Priority } from '../context/context.ts';
import type { PgClient } from '../pg-internals.ts';
import { Request } from './request.ts';

export type CheckoutCallback = (error: Error | undefined, client?: PgClient) => void;

/** A caller that wants a connection to itself. */
export class CheckoutRequest extends Request {
  readonly #settle: CheckoutCallback;
  /** Where it was asked for, when that is noted. */
  callSite: CallSite | undefined;

  constructor(
    enqueuedAt: number,
    deadline: number,
    context: CallContext | undefined,
    settle: CheckoutCallback,
    priority?: Priority,
  ) {
    super(enqueuedAt, deadline, context, priority);
    this.#settle = settle;
  }

  lend(client: PgClient): void {
    this.onSettled?.();
    this.#settle(undefined, client);
  }

  override fail(error: Error): void {
    this.onSettled?.();
    this.#settle(error);
  }
}

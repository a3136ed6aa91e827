import { isError } from '../errors/is-error.ts';
import { onAbort } from './on-abort.ts';
import type { Request } from './request.ts';
import { StatementRequest } from './statement-request.ts';

/**
 * Ends the request when its signal fires: one that waits leaves the queue, by `leave`; a statement that is
 * under way is no longer wanted, and is cancelled when it is found so. A checkout that was lent stays lent.
 * Returns false when it is over already.
 */
export function heed(signal: AbortSignal, request: Request, leave: () => void): boolean {
  if (signal.aborted) {
    process.nextTick(() => request.fail(reasonOf(signal)));
    return false;
  }
  const listener = () => {
    const isWaiting = request.list !== undefined;
    if (!isWaiting && !(request instanceof StatementRequest)) return;
    if (isWaiting) leave();
    request.fail(reasonOf(signal));
  };
  request.onSettled = onAbort(signal, listener);
  return true;
}

/** What its owner aborted it with; callers are told nothing but errors. */
export function reasonOf({ reason }: AbortSignal): Error {
  return isError(reason) ? reason : new Error('aborted', { cause: reason });
}

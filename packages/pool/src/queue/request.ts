import type { CallContext } from '../context/context.ts';
import type { Linked, LinkedList } from './linked-list.ts';

/** A caller that waits for a connection or a lane. It is settled exactly once. */
export abstract class Request implements Linked<Request> {
  list: LinkedList<Request> | undefined;
  previous: Request | undefined;
  next: Request | undefined;
  /** Where {@link Deadlines} keeps it. */
  ticket = Infinity;

  readonly enqueuedAt: number;
  /** In the clock's milliseconds, fixed at entry: the moment after which the caller stops waiting. */
  deadline: number;
  readonly context: CallContext | undefined;

  constructor(enqueuedAt: number, deadline: number, context: CallContext | undefined) {
    this.enqueuedAt = enqueuedAt;
    this.deadline = deadline;
    this.context = context;
  }

  /** Called once it is settled, whatever came of it. */
  onSettled: (() => void) | undefined;

  /** Refuses the caller; nothing of it was sent, or its outcome stands on the error. */
  abstract fail(error: Error): void;
}

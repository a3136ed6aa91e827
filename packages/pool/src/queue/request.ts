import type { CallContext, Priority } from '../context/context.ts';
import type { Patience } from './admission.ts';
import type { Bucket, Due } from './deadlines.ts';
import type { Line } from './line.ts';
import type { RequestQueue } from './request-queue.ts';

/**
 * So much later a background request counts as if it had come: it waits while interactive ones come, but
 * none that comes later than this overtakes it.
 */
export const BACKGROUND_LAG_MILLIS = 2_000;

/** A caller that waits for a connection or a lane. It is settled exactly once. */
export abstract class Request implements Due<Request>, Patience {
  /** Where {@link Line} keeps it. */
  line: Line | undefined;
  previous: Request | undefined;
  next: Request | undefined;
  /** Where {@link Deadlines} keeps it. */
  bucket: Bucket<Request> | undefined;
  before: Request | undefined;
  after: Request | undefined;

  readonly enqueuedAt: number;
  /** In the clock's milliseconds, fixed at entry: the moment after which the caller stops waiting. */
  deadline: number;
  readonly context: CallContext | undefined;
  readonly priority: Priority;
  /** Called once it is settled, whatever came of it. */
  onSettled: (() => void) | undefined;

  /** The priority of the call goes before that of its context; without either it is `interactive`. */
  constructor(
    enqueuedAt: number,
    deadline: number,
    context: CallContext | undefined,
    priority = context?.priority,
  ) {
    this.enqueuedAt = enqueuedAt;
    this.deadline = deadline;
    this.context = context;
    this.priority = priority ?? 'interactive';
  }

  /** Whose rank is lower has its turn first. In the clock's milliseconds. */
  get rank(): number {
    return this.priority === 'background'
      ? this.enqueuedAt + BACKGROUND_LAG_MILLIS
      : this.enqueuedAt;
  }

  /** When its caller stops to want an answer, in the clock's milliseconds. */
  get answerBy(): number {
    return this.context?.deadline ?? Infinity;
  }

  /** How long its answer is expected to take once it is sent; a checkout's end is its caller's affair. */
  get serviceMillis(): number {
    return 0;
  }

  /** The queue in which it stands; undefined when it waits no more. */
  get list(): RequestQueue | undefined {
    return this.line?.queue;
  }

  /** Refuses the caller; nothing of it was sent, or its outcome stands on the error. */
  abstract fail(error: Error): void;
}

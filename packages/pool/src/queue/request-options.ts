import type { Priority } from '../context/context.ts';

/** What a caller may say of one request. */
export interface RequestOptions {
  /** Ends the wait; a statement that is under way is cancelled. */
  readonly signal?: AbortSignal | undefined;
  /** Default: that of the context, or `interactive`. */
  readonly priority?: Priority | undefined;
}

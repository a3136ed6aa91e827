import { AsyncLocalStorage } from 'node:async_hooks';
import { systemClock } from '../clock.ts';
import { type HeldCheckout, HoldScope } from './hold-scope.ts';
import type { Owner } from './owner.ts';
import { RequestScope } from './request-scope.ts';

/** `background` requests let `interactive` ones pass that come up to two seconds later. */
export type Priority = 'interactive' | 'background';

export function checkPriority(given: unknown): asserts given is Priority {
  if (given === 'interactive' || given === 'background') return;
  throw new TypeError(`priority must be 'interactive' or 'background', not ${String(given)}`);
}

/** What the pool knows of its caller, carried by async context. */
export interface CallContext {
  readonly owner?: Owner;
  readonly request?: RequestScope;
  /** The flow holds a connection, or is about to: what else it asks for, it asks in addition. */
  readonly hold?: HoldScope;
  /** In the system clock's milliseconds: nobody wants a connection after it. */
  readonly deadline?: number;
  /** Default `interactive`. */
  readonly priority?: Priority;
}

const storage = new AsyncLocalStorage<CallContext>();

export function currentContext(): CallContext | undefined {
  return storage.getStore();
}

/**
 * Runs `run` with every statement and checkout in it attributed to `owner`.
 *
 * A lazy promise (Prisma's) must be awaited inside `run`, otherwise it starts outside of it.
 */
export function withOwner<T>(owner: Owner | string, run: () => T): T {
  const known = typeof owner === 'string' ? { label: owner } : owner;
  return storage.run({ ...storage.getStore(), owner: known }, run);
}

/**
 * Runs `run` as one request of the application, within which repeated statements are counted: a request
 * of a server that Node's does not stand behind, or a job, by its name.
 */
export function withRequest<T>(request: RequestScope | string, run: () => T): T {
  const scope = typeof request === 'string' ? new RequestScope(request) : request;
  return storage.run({ ...storage.getStore(), request: scope }, run);
}

/**
 * Runs `run` so that what it asks of the pool is given up after `millis`, if neither the pool's own
 * bound nor a deadline around it comes first.
 *
 * @throws {RangeError} when `millis` is no number.
 */
export function withDeadline<T>(millis: number, run: () => T): T {
  // Not a number, it would be no bound at all, and take the pool's own away as well.
  if (typeof millis !== 'number' || Number.isNaN(millis)) {
    throw new RangeError(`withDeadline takes a number of milliseconds, not ${millis}`);
  }
  const outer = storage.getStore();
  const deadline = Math.min(systemClock.now() + millis, outer?.deadline ?? Infinity);
  return storage.run({ ...outer, deadline }, run);
}

/**
 * Runs `run`, the body of a transaction, say, as a flow that holds the first connection lent in it: when
 * it asks for a second one meanwhile, the pool knows that it asks in addition.
 */
export function withHold<T>(run: () => T): T {
  return storage.run({ ...storage.getStore(), hold: new HoldScope() }, run);
}

/** The same for the rest of the current asynchronous execution, of a flow that has `checkout`. */
export function enterHold(checkout: HeldCheckout): void {
  const outer = storage.getStore();
  if (outer?.hold?.checkout === checkout) return;
  storage.enterWith({ ...outer, hold: new HoldScope(checkout) });
}

/**
 * Runs `run` so that what it asks of the pool waits behind others (`background`: jobs, reports), or does not
 * (`interactive`, the default; also for what a person waits for within a job).
 *
 * @throws {TypeError} when `priority` is neither of the two.
 */
export function withPriority<T>(priority: Priority, run: () => T): T {
  checkPriority(priority);
  return storage.run({ ...storage.getStore(), priority }, run);
}

/** Runs `run` in a context that was current elsewhere. */
export function withContext<T>(context: CallContext | undefined, run: () => T): T {
  return storage.run(context ?? {}, run);
}

/** Like {@link withRequest}, for the rest of the current asynchronous execution. */
export function enterRequest(request: RequestScope): void {
  storage.enterWith({ request });
}

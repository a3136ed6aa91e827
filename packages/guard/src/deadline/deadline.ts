import { AsyncLocalStorage } from 'node:async_hooks';
import { type Clock, systemClock } from '../clock.ts';
import { harmless } from '../listener.ts';
import { readNumbers } from '../numbers.ts';
import { DeadlineError } from './deadline-error.ts';

/**
 * Runs `run` with another layer told that nobody wants an answer after `millis`. `withDeadline` of
 * `@lifeguard/pool` is one.
 */
export type Carry = <T>(millis: number, run: () => T) => T;

export interface DeadlineOptions {
  /** Tells a layer below of the deadline, so that it stops as well. */
  readonly carry?: Carry | undefined;
  /**
   * How much longer than the deadline, in milliseconds, a layer told by `carry` may take to answer: its
   * own error says whether the statement was sent. Default 75 with `carry`, 0 without.
   */
  readonly graceMillis?: number | undefined;
  /** Called when this deadline, and not one around it or within, is what the caller is refused with. */
  readonly onDeadline?: ((error: DeadlineError) => void) | undefined;
  /** Default the system's, or that of the deadline around this one. */
  readonly clock?: Clock | undefined;
}

interface Deadline {
  /** In the clock's milliseconds. */
  readonly at: number;
  readonly clock: Clock;
}

/** The pool looks at its deadlines every 25 ms; a caller is promised an answer within 100 ms of its own. */
const GRACE_MILLIS = 75;

const storage = new AsyncLocalStorage<Deadline>();

/** Milliseconds until the deadline around this code, 0 after it; Infinity without one. */
export function remainingMillis(): number {
  const deadline = storage.getStore();
  return deadline ? Math.max(0, deadline.at - deadline.clock.now()) : Infinity;
}

/** Runs `fn` outside of the deadlines around it: what it begins is for others as well. */
export function withoutDeadline<T>(fn: () => T): T {
  return storage.getStore() ? storage.run(undefined as never, fn) : fn();
}

/**
 * Runs `fn`, and answers at the latest after `millis`, or at the deadline around it if that is earlier.
 *
 * It can't stop what `fn` does: tell the layer that can by `carry`. What `fn` still brings afterwards is
 * dropped. A lazy promise (Prisma's) may be returned as it is: it begins within the deadline.
 *
 * @param millis from now; Infinity for the deadline around it alone.
 * @throws DeadlineError `unknown` when `fn` was under way, `not-sent` when it never began.
 */
export async function deadline<T>(
  millis: number,
  fn: () => PromiseLike<T>,
  options: DeadlineOptions = {},
): Promise<T> {
  const { carry, onDeadline } = options;
  const { graceMillis } = readNumbers(
    { millis, graceMillis: options.graceMillis },
    {
      millis: { default: Infinity, min: 0 },
      graceMillis: { default: carry ? GRACE_MILLIS : 0, min: 0 },
    },
  );
  const outer = storage.getStore();
  const clock = options.clock ?? outer?.clock ?? systemClock;
  const now = clock.now();
  const at = Math.min(now + millis, outer?.at ?? Infinity);
  const left = at - now;
  const refuse = (outcome: 'not-sent' | 'unknown'): DeadlineError => {
    const error = new DeadlineError(Math.max(0, left), outcome);
    harmless(onDeadline)(error);
    return error;
  };
  if (left <= 0) throw refuse('not-sent');

  const call = async () => await fn();
  const run = async () => await (carry ? carry(left, call) : call());
  return new Promise((resolve, reject) => {
    const cancel =
      left === Infinity
        ? () => {}
        : clock.after(left + graceMillis, () => reject(refuse('unknown')));
    storage.run({ at, clock }, run).then(
      (value) => {
        cancel();
        resolve(value);
      },
      (error) => {
        cancel();
        reject(error);
      },
    );
  });
}

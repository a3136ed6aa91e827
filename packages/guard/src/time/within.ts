import { NoAnswerError } from './no-answer-error.ts';
import { type WallClock, wallClock } from './wall-clock.ts';

/**
 * The promise's own outcome, or a NoAnswerError when it takes longer. What it comes to later is nobody's
 * business, and no unhandled rejection.
 */
export function within<T>(
  millis: number,
  what: string,
  promise: Promise<T>,
  clock: WallClock = wallClock,
): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const cancel = clock.after(millis, () => reject(new NoAnswerError(what, millis)));
    promise.then(resolve, reject).finally(cancel);
  });
}

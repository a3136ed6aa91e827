import { AsyncResource } from 'node:async_hooks';

export type Settle<T> = (error: Error | undefined, value?: T) => void;

/**
 * A promise when the caller gave no callback; the error's stack leads to the caller, as pg's does.
 * A callback runs in its caller's async context, and apart: what it throws must not meet the pool.
 */
export function settleTo<T>(
  PromiseClass: PromiseConstructor,
  callback: Settle<T> | undefined,
  run: (settle: Settle<T>) => void,
): Promise<T> | undefined {
  if (callback) {
    const bound = AsyncResource.bind(callback);
    run((error, value) => process.nextTick(bound, error, value));
    return undefined;
  }
  return new PromiseClass<T>((resolve) => {
    run((error, value) => resolve(error ? thrownToCaller(error) : (value as T)));
  });
}

/**
 * Rejects with a stack that leads to the caller instead of to a socket or a timer: V8 finds who awaits
 * a promise, once that is chained to this one, which takes two turns of the microtask queue. Only errors
 * pay for it.
 */
function thrownToCaller(error: Error): Promise<never> {
  const throwFromCaller = (): never => {
    if (error instanceof Error) Error.captureStackTrace(error, throwFromCaller);
    throw error;
  };
  return Promise.resolve().then(noop).then(throwFromCaller);
}

function noop(): void {}

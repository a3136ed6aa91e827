import { withoutStack } from './without-stack.ts';

/** The error for the first caller, faithful copies of it for all others. */
export function oneForEach<E extends Error>(original: E): () => E {
  let isTaken = false;
  return () => {
    if (isTaken) return copyError(original);
    isTaken = true;
    return original;
  };
}

/**
 * The same error for another caller: an object of its own, so that what one caller does to it (a stack, a
 * note, a wrapped cause) does not show to the others. Class, message, code and all own properties are
 * the original's, with the very same `cause`; the stack is the original's until the caller's replaces it.
 */
export function copyError<E extends Error>(original: E): E {
  // Its name and code are in no property that could be copied.
  if (original instanceof DOMException) {
    return new DOMException(original.message, original.name) as unknown as E;
  }
  const copy = withoutStack(() => new Error(original.message));
  Object.setPrototypeOf(copy, Object.getPrototypeOf(original));
  const { stack: _, ...properties } = Object.getOwnPropertyDescriptors(original);
  Object.defineProperties(copy, properties);
  const { stack } = original;
  Object.defineProperty(copy, 'stack', { value: stack, writable: true, configurable: true });
  return copy as E;
}

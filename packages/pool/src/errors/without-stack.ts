/**
 * Makes an error without a stack: that of the pool's timer tells nobody anything and costs more than all the
 * rest. The stack of the caller comes with its promise.
 */
export function withoutStack<E extends Error>(make: () => E): E {
  const { stackTraceLimit } = Error;
  // Where intrinsics are frozen it just stays as it is.
  Reflect.set(Error, 'stackTraceLimit', 0);
  try {
    return make();
  } finally {
    Reflect.set(Error, 'stackTraceLimit', stackTraceLimit);
  }
}

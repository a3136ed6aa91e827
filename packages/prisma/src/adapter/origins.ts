import type { Queryable } from './adapter-types.ts';

/** Of an error that the adapter has converted, what it was before: pg's and the pool's say more. */
const origins = new WeakMap<object, unknown>();

/** `onError` is the adapter's own, and open to those who build on it; without it less is known. */
export function rememberOrigins(queryable: Queryable): void {
  const one = queryable as { onError?: (error: unknown) => never };
  const convert = one.onError?.bind(one);
  if (!convert) return;
  one.onError = (error) => {
    try {
      return convert(error);
    } catch (converted) {
      if (converted !== error && converted instanceof Error) origins.set(converted, error);
      throw converted;
    }
  };
}

export function originOf(thrown: unknown): unknown {
  return (thrown instanceof Error && origins.get(thrown)) || thrown;
}

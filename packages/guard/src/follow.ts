/**
 * Begins `fn` and goes on with what becomes of it, by no promise but the one that `then` makes. A lazy promise
 * (Prisma's) begins now.
 */
export function follow<T, Result>(
  fn: () => PromiseLike<T>,
  fulfilled: (value: T) => Result,
  rejected: (error: unknown) => Result | PromiseLike<Result>,
): Promise<Result> {
  let begun: PromiseLike<T>;
  try {
    begun = fn();
  } catch (error) {
    return Promise.reject(error).catch(rejected);
  }
  const followed = begun.then(fulfilled, rejected);
  return followed instanceof Promise ? followed : Promise.resolve(followed);
}

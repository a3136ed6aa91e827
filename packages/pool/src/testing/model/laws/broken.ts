/** The names of those that do not hold. */
export function broken(laws: Record<string, boolean>): string[] {
  return Object.keys(laws).filter((law) => laws[law]);
}

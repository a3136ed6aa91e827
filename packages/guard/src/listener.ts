/**
 * The listener, made harmless: what it throws is a warning of the process and never the trouble of the
 * caller whose operation it was told of.
 */
export function harmless<Args extends unknown[]>(
  listener: ((...args: Args) => void) | undefined,
): (...args: Args) => void {
  if (!listener) return () => {};
  return (...args) => {
    try {
      listener(...args);
    } catch (error) {
      process.emitWarning(error instanceof Error ? error : String(error));
    }
  };
}

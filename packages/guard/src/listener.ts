/**
 * The listener, made harmless: what it throws is a warning of the process and never the trouble of the
 * caller whose operation it was told of.
 */
export function harmless<Event>(
  listener: ((event: Event) => void) | undefined,
): (event: Event) => void {
  if (!listener) return () => {};
  return (event) => {
    try {
      listener(event);
    } catch (error) {
      process.emitWarning(error instanceof Error ? error : String(error));
    }
  };
}

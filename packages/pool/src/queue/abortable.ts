/** Calls `abort` once when the signal fires; the returned function stops to listen. */
export function onAbort(signal: AbortSignal, abort: (reason: Error) => void): () => void {
  const listener = () => abort(reasonOf(signal));
  signal.addEventListener('abort', listener, { once: true });
  return () => signal.removeEventListener('abort', listener);
}

/** What its owner aborted it with; callers are told nothing but errors. */
export function reasonOf({ reason }: AbortSignal): Error {
  return reason instanceof Error ? reason : new Error('aborted', { cause: reason });
}

interface Hearing {
  readonly listeners: Set<() => void>;
  readonly hear: () => void;
}

/** Of each signal that somebody waits for. */
const hearings = new WeakMap<AbortSignal, Hearing>();

/**
 * Calls `listener` when the signal fires; the returned function takes it back. However many wait for one signal, that
 * of a request, say, it has one listener of ours: from the eleventh on Node warns of a leak.
 */
export function onAbort(signal: AbortSignal, listener: () => void): () => void {
  const hearing = hearings.get(signal) ?? listen(signal);
  const { listeners, hear } = hearing;
  listeners.add(listener);
  return () => {
    if (!listeners.delete(listener) || listeners.size > 0) return;
    signal.removeEventListener('abort', hear);
    hearings.delete(signal);
  };
}

function listen(signal: AbortSignal): Hearing {
  const listeners = new Set<() => void>();
  const hear = () => {
    for (const listener of [...listeners]) listener();
  };
  const hearing = { listeners, hear };
  signal.addEventListener('abort', hear, { once: true });
  hearings.set(signal, hearing);
  return hearing;
}

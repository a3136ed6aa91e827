const SIGNALS = ['SIGTERM', 'SIGINT'] as const;

/**
 * Drains on SIGTERM and SIGINT, then lets the signal do what it would have done, so that the exit
 * code is kept. Where the application listens for the signal itself, it is in charge: it knows when
 * its last request is answered, and calls `shutdown()` then.
 *
 * Returns a function that stops listening.
 */
export function drainOnSignal(drain: () => Promise<void>): () => void {
  const onSignal = (signal: NodeJS.Signals) => {
    if (process.listenerCount(signal) > 1) return;
    // A second signal ends the process at once, as it would without us.
    stop();
    drain().finally(() => process.kill(process.pid, signal));
  };
  const stop = () => {
    for (const signal of SIGNALS) process.removeListener(signal, onSignal);
  };
  for (const signal of SIGNALS) process.on(signal, onSignal);
  return stop;
}

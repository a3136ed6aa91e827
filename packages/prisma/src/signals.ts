const SIGNALS = ['SIGTERM', 'SIGINT'] as const;

type Drain = () => Promise<unknown>;

/** All of this process, also of another copy of this package. */
const SHARED = Symbol.for('lifeguard.drains');
const shared = globalThis as { [SHARED]?: Set<Drain> };
shared[SHARED] ??= new Set();
const drains = shared[SHARED];

function listen(): void {
  for (const signal of SIGNALS) {
    process.removeListener(signal, onSignal);
    // First of all: libraries such as signal-exit look whether they are the only ones left.
    process.prependListener(signal, onSignal);
  }
}

function stopListening(): void {
  for (const signal of SIGNALS) process.removeListener(signal, onSignal);
}

function onSignal(signal: NodeJS.Signals): void {
  // From here on all is as it would be without us: a second signal ends the process at once.
  stopListening();
  if (process.listenerCount(signal) > 0) return;
  Promise.allSettled([...drains].map((drain) => drain())).finally(() =>
    process.kill(process.pid, signal),
  );
}

/**
 * Drains on SIGTERM and SIGINT, then lets the signal do what it would have done, so that the exit
 * code is kept. Where the application listens for the signal itself, it is in charge: it knows when
 * its last request is answered, and calls `shutdown()` then.
 *
 * Returns a function that takes this drain out again.
 */
export function drainOnSignal(drain: Drain): () => void {
  if (drains.size === 0) listen();
  drains.add(drain);
  return () => {
    drains.delete(drain);
    if (drains.size === 0) stopListening();
  };
}

import type { ChildProcess } from 'node:child_process';

const PASSED: readonly NodeJS.Signals[] = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT', 'SIGUSR2'];
/** By these a terminal ends all that it has in front, the application as well as us. */
const OF_THE_TERMINAL: readonly NodeJS.Signals[] = ['SIGINT', 'SIGQUIT'];

/**
 * Passes on what is sent to us, and survives it: the application decides what it ends. Returns how to stop that.
 *
 * @param isAtTerminal the terminal's keys reach the application by themselves: the first of them is not sent twice,
 *   for many programs give up their orderly end at the second.
 */
export function passSignals(child: ChildProcess, isAtTerminal: boolean): () => void {
  const seen = new Set<NodeJS.Signals>();
  const pass = (signal: NodeJS.Signals) => {
    const isTold = isAtTerminal && OF_THE_TERMINAL.includes(signal) && !seen.has(signal);
    seen.add(signal);
    if (!isTold) child.kill(signal);
  };
  for (const signal of PASSED) process.on(signal, pass);
  return () => {
    for (const signal of PASSED) process.off(signal, pass);
  };
}

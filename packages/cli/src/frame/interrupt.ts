/** Resolves at the first Ctrl-C, SIGTERM, or when the terminal is closed; the second ends the process at once. */
export function interrupted(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    let first = true;
    const onSignal = (signal: NodeJS.Signals) => {
      // What is left behind then, the servers' own guardians clear away.
      if (!first) process.exit(130);
      first = false;
      resolve(signal);
    };
    process.on('SIGINT', onSignal);
    process.on('SIGTERM', onSignal);
    process.on('SIGHUP', onSignal);
  });
}

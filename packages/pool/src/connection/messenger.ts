import type { PgClient } from '../pg-internals.ts';

/**
 * Gives `errand` a client that nobody has connected, for a word with the server beside all sessions. Where none
 * can be made (a certificate file has gone, say, which pg reads in the constructor), nothing is said.
 */
export function sendMessenger(
  create: () => PgClient,
  errand: (messenger: PgClient) => void,
  unable: () => void,
): void {
  let messenger: PgClient;
  try {
    messenger = create();
  } catch {
    unable();
    return;
  }
  errand(messenger);
}

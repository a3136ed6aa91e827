import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

/**
 * Below every system's range of ephemeral ports (Linux begins at 32768, macOS and Windows at 49152).
 * Inside that range a client that retries a closed loopback port may be given the very same source
 * port, connect to itself, and keep the server from coming back.
 */
const LOWEST_PORT = 15_000;
const HIGHEST_PORT = 32_000;
const MAX_ATTEMPTS = 100;

/** Finds a port on 127.0.0.1 that nobody listens on; another process may still take it before you do. */
export async function findFreePort(): Promise<number> {
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
    const port = randomInt(LOWEST_PORT, HIGHEST_PORT);
    if (await isFree(port)) return port;
  }
  throw new Error(
    `No free port on 127.0.0.1 in ${MAX_ATTEMPTS} attempts: too many servers run here`,
  );
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}

import { once } from 'node:events';
import { Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createAdaptorServer } from '@hono/node-server';
import type { Hono } from 'hono';
import { ConfigError } from './config.ts';

export interface Listening {
  readonly port: number;
  /** Takes no new requests and resolves when those under way are answered, or cut off after `graceMillis`. */
  close(graceMillis: number): Promise<void>;
}

/** Serves the application; port 0 takes a free one. */
export async function listen(app: Hono, host: string, port: number): Promise<Listening> {
  const server = createAdaptorServer({ fetch: app.fetch });
  if (!(server instanceof Server)) throw new TypeError('Expected a plain HTTP server.');
  const unanswered = new Set<ServerResponse>();
  let closing = false;
  server.prependListener('request', (_request, response) => {
    if (closing) askToHangUp(response);
    unanswered.add(response);
    response.once('close', () => unanswered.delete(response));
  });
  try {
    server.listen(port, host);
    await once(server, 'listening');
  } catch (error) {
    throw refusedAddress(error, host, port);
  }
  return {
    port: (server.address() as AddressInfo).port,
    async close(graceMillis) {
      closing = true;
      for (const response of unanswered) askToHangUp(response);
      const closed = once(server, 'close');
      const cutOff = setTimeout(() => server.closeAllConnections(), graceMillis);
      server.close();
      await closed;
      clearTimeout(cutOff);
    },
  };
}

/** Otherwise a client that keeps its connection open keeps a closing server alive. */
function askToHangUp(response: ServerResponse): void {
  if (!response.headersSent) response.setHeader('Connection', 'close');
}

function refusedAddress(error: unknown, host: string, port: number): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  switch (code) {
    case 'EADDRINUSE':
      return new ConfigError(
        `PORT ${port} is in use: set PORT to another, or to 0 for a free one.`,
      );
    case 'EACCES':
      return new ConfigError(
        `PORT ${port} may not be used by this user: set PORT to 1024 or more.`,
      );
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return new ConfigError(
        `HOST '${host}' is not an address of this machine: set HOST to 127.0.0.1.`,
      );
    default:
      return error;
  }
}

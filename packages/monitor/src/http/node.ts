import type { IncomingMessage, ServerResponse } from 'node:http';
import { type Clock, systemClock } from '../clock.ts';
import type { Peer } from './access/peer.ts';

/** A client that has not read on for so long is gone, or keeps our memory for nothing. */
const LONGEST_STALL_MILLIS = 30_000;
/** Fetch's `Request` takes none of these. */
const IMPOSSIBLE_METHODS = ['CONNECT', 'TRACE', 'TRACK'];

export type NodeHandler = (request: IncomingMessage, response: ServerResponse) => void;

/** A fetch-style handler as a listener of Node's HTTP server, and so of Express, Connect and Fastify. */
export function toNodeHandler(
  fetch: (request: Request, peer: Peer) => Promise<Response>,
  clock: Pick<Clock, 'after'> = systemClock,
): NodeHandler {
  return (incoming, outgoing) => {
    respond(fetch, clock, incoming, outgoing).catch(() => {
      // The handler itself answers its failures: here the socket has failed.
      outgoing.destroy();
    });
  };
}

async function respond(
  fetch: (request: Request, peer: Peer) => Promise<Response>,
  clock: Pick<Clock, 'after'>,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> {
  const request = toRequest(incoming);
  if (typeof request === 'number') {
    outgoing.writeHead(request, { connection: 'close' }).end();
    return;
  }
  const { httpVersion, socket } = incoming;
  const response = await fetch(request, { remoteAddress: socket.remoteAddress, httpVersion });
  // What the client still sends is not read: the connection can serve nothing after it.
  if (response.status === 413) outgoing.setHeader('connection', 'close');
  await send(response, outgoing, clock);
}

/** The request, or the status to refuse it with. */
function toRequest(incoming: IncomingMessage): Request | number {
  const { url = '', method = 'GET', rawHeaders } = incoming;
  if (IMPOSSIBLE_METHODS.includes(method)) return 405;
  const headers = new Headers();
  for (let i = 0; i + 1 < rawHeaders.length; i += 2) {
    const name = rawHeaders[i] ?? '';
    // HTTP/2 has what is not a header among its headers.
    if (!name.startsWith(':')) headers.append(name, rawHeaders[i + 1] ?? '');
  }
  const authority = incoming.headers[':authority'];
  const host = headers.get('host') ?? (typeof authority === 'string' ? authority : '');
  const scheme = 'encrypted' in incoming.socket ? 'https' : 'http';
  // Not as a relative address: one that begins with two slashes would name another host.
  const address = `${scheme}://${host}${url}`;
  if (!url.startsWith('/') || !URL.canParse(address)) return 400;
  return new Request(address, { method, headers });
}

async function send(
  response: Response,
  outgoing: ServerResponse,
  clock: Pick<Clock, 'after'>,
): Promise<void> {
  const { status, headers, body } = response;
  for (const [name, value] of headers) {
    if (name !== 'set-cookie') outgoing.setHeader(name, value);
  }
  const cookies = headers.getSetCookie();
  if (cookies.length > 0) outgoing.setHeader('set-cookie', cookies);
  outgoing.writeHead(status);
  if (!body) {
    outgoing.end();
    return;
  }
  outgoing.flushHeaders();
  await pipe(body.getReader(), outgoing, clock);
}

/** Reads on only when the client has taken what it was given. */
async function pipe(
  reader: ReadableStreamDefaultReader<Uint8Array>,
  outgoing: ServerResponse,
  clock: Pick<Clock, 'after'>,
): Promise<void> {
  const onClose = () => {
    reader.cancel().catch(() => {});
  };
  outgoing.once('close', onClose);
  if (outgoing.closed) onClose();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    if (!outgoing.write(value)) await drained(outgoing, clock);
    if (outgoing.destroyed) return;
  }
  outgoing.end();
}

function drained(outgoing: ServerResponse, clock: Pick<Clock, 'after'>): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      cancel();
      outgoing.off('drain', end).off('close', end);
      resolve();
    };
    const cancel = clock.after(LONGEST_STALL_MILLIS, () => outgoing.destroy());
    outgoing.on('drain', end).on('close', end);
    if (outgoing.destroyed) end();
  });
}

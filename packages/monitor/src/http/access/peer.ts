import { BlockList, isIPv6 } from 'node:net';

/** What the server knows of the other end of the connection; a `Request` itself doesn't say. */
export interface Peer {
  /** Of the socket, never of a header. */
  readonly remoteAddress?: string | undefined;
  readonly httpVersion?: string | undefined;
}

/** As @hono/node-server hands it over: `c.env`. */
interface NodeBindings {
  readonly incoming: {
    readonly socket: { readonly remoteAddress?: string | undefined };
    readonly httpVersion?: string | undefined;
  };
}

/**
 * Headers by which proxies name whom they speak for. A connection from the loopback that carries one
 * comes from a proxy on this machine, and its user may be anywhere.
 */
const FORWARDED = [
  'forwarded',
  'via',
  'x-forwarded-for',
  'x-forwarded-host',
  'x-forwarded-proto',
  'x-forwarded-port',
  'x-forwarded-server',
  'x-real-ip',
  'x-client-ip',
  'x-cluster-client-ip',
  'x-original-forwarded-for',
  'x-original-host',
  'x-envoy-external-address',
  'true-client-ip',
  'cf-connecting-ip',
  'cf-ray',
  'fastly-client-ip',
  'fly-client-ip',
];

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8, 'ipv4');
loopback.addAddress('::1', 'ipv6');

/** The second argument of a fetch-style handler, whatever the framework passes there. */
export function peerOf(context: unknown): Peer {
  if (typeof context !== 'object' || context === null) return {};
  if (hasNodeBindings(context)) {
    const { socket, httpVersion } = context.incoming;
    return { remoteAddress: socket.remoteAddress, httpVersion };
  }
  const { remoteAddress, httpVersion } = context as Record<string, unknown>;
  return {
    remoteAddress: typeof remoteAddress === 'string' ? remoteAddress : undefined,
    httpVersion: typeof httpVersion === 'string' ? httpVersion : undefined,
  };
}

function hasNodeBindings(context: object): context is NodeBindings {
  const { incoming } = context as Partial<NodeBindings>;
  return typeof incoming?.socket === 'object' && incoming.socket !== null;
}

/** Whether the user sits at this machine: the socket says so, and nothing speaks of a proxy between. */
export function isDirectFromLoopback({ remoteAddress, httpVersion }: Peer, headers: Headers) {
  if (remoteAddress === undefined || !isLoopbackAddress(remoteAddress)) return false;
  // No browser has spoken HTTP/1.0 for decades; nginx does by default, and adds no header.
  if (httpVersion?.startsWith('1.0') || httpVersion?.startsWith('0')) return false;
  return !FORWARDED.some((name) => headers.has(name));
}

export function isLoopbackAddress(address: string): boolean {
  const [plain = ''] = address.split('%');
  return loopback.check(plain, isIPv6(plain) ? 'ipv6' : 'ipv4');
}

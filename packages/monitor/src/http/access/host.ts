/** `localhost`, and what browsers resolve to the loopback without asking anybody. */
const LOOPBACK_HOST = /^(localhost|([a-z0-9-]+\.)+localhost|127(\.\d{1,3}){3}|\[::1\])$/;

/** Name and port that the client asked for; over HTTP/2 they come in the address. */
export function hostOf({ headers, url }: Request): string {
  return headers.get('host') ?? new URL(url).host;
}

/** The name in a `Host` header, without its port and in lower case; undefined when it is none. */
export function hostName(host: string): string | undefined {
  const [, name] = /^(\[[0-9a-f:.]+\]|[^:/?#@[\]\s]+)(?::\d{1,5})?$/.exec(host.toLowerCase()) ?? [];
  return name;
}

/**
 * Whether a name can only mean this machine. A page of somebody else's, whose name was made to lead to
 * 127.0.0.1 (DNS rebinding), still sends its own name.
 */
export function isLoopbackHost(name: string): boolean {
  return LOOPBACK_HOST.test(name);
}

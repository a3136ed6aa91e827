/** The same connection string with another host and port. */
export function viaProxy(serverUrl: string, proxy: { host: string; port: number }): string {
  const url = new URL(serverUrl);
  url.hostname = proxy.host;
  url.port = String(proxy.port);
  return url.href;
}

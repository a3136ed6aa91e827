import { createServer, type Server } from 'node:net';
import { TLSSocket } from 'node:tls';

/** Made for these tests: nobody has signed it but itself. */
const KEY =
  'MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgan6ddbeG7GDQl9XBnvOPeviZKljPnkfRBwmVSecakF6hRANCAAQ/Jb2he31P8C9t3TQUwcNmw6ftwO6zoh6ZlwXD3nTH/5FwcJLxPHVjy0GEZCDqbSIXk69qcPGQQ6NtTwzuFE4h';
const CERTIFICATE =
  'MIIBfjCCASWgAwIBAgIUKucAeOiNbUg+R90drjHr1qUwO7YwCgYIKoZIzj0EAwIwFDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2MTEyNzE3MDEyNloYDzIxMjYxMTAzMTcwMTI2WjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAAQ/Jb2he31P8C9t3TQUwcNmw6ftwO6zoh6ZlwXD3nTH/5FwcJLxPHVjy0GEZCDqbSIXk69qcPGQQ6NtTwzuFE4ho1MwUTAdBgNVHQ4EFgQUGwX9D7jng/xwa+FPtk4Bxg2XLZ4wHwYDVR0jBBgwFoAUGwX9D7jng/xwa+FPtk4Bxg2XLZ4wDwYDVR0TAQH/BAUwAwEB/zAKBggqhkjOPQQDAgNHADBEAiBTbcUfC2IIVvWUdylUwRYpjdrfo7vMchRt3yn6o4PJjAIgNn9oPnmGswDJOgamxXFjjWT9ilkbz5yhzT1MpmmyTtI=';

function pem(what: string, base64: string): string {
  return `-----BEGIN ${what}-----\n${base64}\n-----END ${what}-----\n`;
}

/** A server that speaks PostgreSQL's protocol as far as TLS: with a certificate of its own, or not at all. */
export async function startTlsServer(
  hasTls: boolean,
): Promise<{ readonly server: Server; readonly port: number }> {
  const secured = {
    isServer: true,
    key: pem('PRIVATE KEY', KEY),
    cert: pem('CERTIFICATE', CERTIFICATE),
  };
  const server = createServer((socket) => {
    socket.on('error', () => {});
    socket.once('data', () => {
      socket.write(hasTls ? 'S' : 'N');
      if (hasTls) new TLSSocket(socket, secured).on('error', () => {});
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  return { server, port };
}

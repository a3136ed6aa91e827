import { promises as dns, type LookupAddress } from 'node:dns';
import { connect } from 'node:net';
import { EXIT } from '../../frame/exit-codes.ts';
import { UserError } from '../../frame/user-error.ts';
import { requireOwnHost } from './address.ts';

const CONNECT_MILLIS = 5_000;

/**
 * Finds the address of the host at which somebody listens. It is the one that is loaded: what the name leads to
 * later does not count.
 *
 * @throws {UserError} when the host is somebody else's, is not known, or nobody listens there.
 */
export async function findAddress(url: URL, ownsHost: boolean): Promise<LookupAddress> {
  const name = url.hostname.replace(/^\[|\]$/g, '');
  const addresses = await lookUp(name);
  requireOwnHost(url, addresses, ownsHost);
  const port = Number(url.port) || (url.protocol === 'https:' ? 443 : 80);
  let why = '';
  for (const address of addresses) {
    const problem = await tryConnect(address, port);
    if (problem === undefined) return address;
    why ||= problem;
  }
  throw new UserError(`${url.host} can’t be reached: ${why}. Is the application running?`, {
    exitCode: EXIT.unreachable,
  });
}

async function lookUp(name: string): Promise<LookupAddress[]> {
  try {
    return await dns.lookup(name, { all: true });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new UserError(`no host is known by the name ${name} (${code}).`, {
      exitCode: EXIT.unreachable,
    });
  }
}

function tryConnect({ address, family }: LookupAddress, port: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = connect({ host: address, port, family, timeout: CONNECT_MILLIS });
    const end = (problem?: string) => {
      socket.destroy();
      resolve(problem);
    };
    socket.once('connect', () => end());
    socket.once('timeout', () => end('it did not answer within 5 s'));
    socket.once('error', ({ code, message }: NodeJS.ErrnoException) => end(code ?? message));
  });
}

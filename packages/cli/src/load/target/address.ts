import type { LookupAddress } from 'node:dns';
import { BlockList, isIPv6 } from 'node:net';
import { networkInterfaces } from 'node:os';
import { UserError } from '../../frame/user-error.ts';

/** Parameters whose values nobody should find in a report. */
const SECRET_NAME = /token|secret|passw|pwd|key|sig|auth|session|credential|code/i;

type Interfaces = NodeJS.Dict<readonly { readonly address: string }[]>;

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8, 'ipv4');
loopback.addAddress('::1', 'ipv6');

/** @throws {UserError} when it is none of http or https; `localhost:3000/path`, `:3000/path` and `3000/path` are taken as http. */
export function readUrl(text: string, option = 'the URL'): URL {
  if (text.startsWith('/') && !text.startsWith('//')) {
    throw new UserError(`${option} has no host: write :3000${text} for this machine’s port 3000.`);
  }
  // A number alone would be an address: 3000 is 0.0.11.184.
  const port = /^:?(\d{1,5}(?:[/?].*)?)$/s.exec(text)?.[1];
  const named = port === undefined ? text.replace(/^:/, 'localhost:') : `localhost:${port}`;
  const withScheme = /^[a-z][a-z0-9+.-]*:\/\//i.test(named) ? named : `http://${named}`;
  const url = URL.canParse(withScheme) ? new URL(withScheme) : undefined;
  if (!url || url.hostname === '') {
    throw new UserError(`${option} makes no sense: write http://127.0.0.1:3000/path.`);
  }
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw new UserError(
      `${option} begins with ${url.protocol}//, and only http and https are loaded.`,
    );
  }
  if (url.username || url.password) {
    throw new UserError(
      `${option} holds a login: give it as a header, -H "Authorization: Basic …", which no report shows.`,
    );
  }
  url.hash = '';
  return url;
}

/** As reports show it. */
export function shownUrl(url: URL): string {
  const shown = new URL(url);
  for (const name of new Set(shown.searchParams.keys())) {
    if (SECRET_NAME.test(name)) shown.searchParams.set(name, '***');
  }
  return shown.href;
}

/** Also by what others call it: servers print the addresses of all their interfaces. */
function isThisMachine({ address }: LookupAddress, interfaces: Interfaces): boolean {
  const [plain = ''] = address.split('%');
  if (loopback.check(plain, isIPv6(plain) ? 'ipv6' : 'ipv4')) return true;
  return Object.values(interfaces).some((own) => own?.some((one) => one.address === plain));
}

/**
 * Refuses a host that is not this machine: a name counts by what it leads to.
 *
 * @throws {UserError}
 */
export function requireOwnHost(
  url: URL,
  addresses: readonly LookupAddress[],
  ownsHost: boolean,
  interfaces: Interfaces = networkInterfaces(),
): void {
  if (ownsHost) return;
  const foreign = addresses.find((one) => !isThisMachine(one, interfaces));
  if (!foreign) return;
  const name = url.hostname.replace(/^\[|\]$/g, '');
  const leads = foreign.address === name ? '' : ` (${foreign.address})`;
  throw new UserError(
    `${name}${leads} is not this machine, and a load can take a service down. If it is yours to load, say --i-own-this-host.`,
  );
}

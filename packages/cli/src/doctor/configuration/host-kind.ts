import { isIP } from 'node:net';
import type { HostKind } from './facts.ts';

/** Names that only a private network resolves: a single label (Docker, Kubernetes), and the usual suffixes. */
const PRIVATE_NAME = /^[^.]+$|\.(local|internal|lan|svc|cluster\.local|flycast|test|localhost)$/i;
const PRIVATE_V4 =
  /^(10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.|169\.254\.|100\.(6[4-9]|[7-9]\d|1[01]\d|12[0-7])\.)/;
const PRIVATE_V6 = /^(fc|fd|fe80)/i;

/** How far a host is, by its name alone. */
export function hostKindOf(host: string): HostKind {
  const bare = host.replace(/^\[|\]$/g, '').toLowerCase();
  if (bare === '' || bare.startsWith('/')) return 'socket';
  if (bare === 'localhost' || bare === '::1' || /^127\./.test(bare)) return 'loopback';
  switch (isIP(bare)) {
    case 4:
      return PRIVATE_V4.test(bare) ? 'private' : 'remote';
    case 6:
      return PRIVATE_V6.test(bare) ? 'private' : 'remote';
    default:
      return PRIVATE_NAME.test(bare) ? 'private' : 'remote';
  }
}

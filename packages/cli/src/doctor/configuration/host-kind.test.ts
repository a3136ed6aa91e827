import { expect, test } from 'vitest';
import { hostKindOf } from './host-kind.ts';

test.each([
  ['', 'socket'],
  ['/var/run/postgresql', 'socket'],
  ['localhost', 'loopback'],
  ['127.0.0.1', 'loopback'],
  ['::1', 'loopback'],
  ['[::1]', 'loopback'],
  ['db', 'private'],
  ['postgres.default.svc.cluster.local', 'private'],
  ['shop-db.internal', 'private'],
  ['10.1.2.3', 'private'],
  ['172.20.0.2', 'private'],
  ['172.32.0.2', 'remote'],
  ['192.168.1.1', 'private'],
  ['100.64.0.1', 'private'],
  ['fd00::1', 'private'],
  ['8.8.8.8', 'remote'],
  ['2001:db8::1', 'remote'],
  ['db.example.com', 'remote'],
  ['ep-cool-1.eu-central-1.aws.neon.tech', 'remote'],
])('%s is %s', (host, kind) => {
  expect(hostKindOf(host)).toBe(kind);
});

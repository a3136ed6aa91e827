import { expect, test } from 'vitest';
import { pgbouncerIni } from './ini.ts';

const PLACE = { user: 'app', host: 'db.example.com', port: 5432, database: 'shop' };
const SIZES = { poolSize: 9, reservePoolSize: 2, maxClientConnections: 100 };

/** Its settings; the last one of a name counts, as for PgBouncer. */
function settingsOf(text: string): Record<string, string> {
  const lines = text.split('\n').filter((line) => /^[^;[]/.test(line));
  return Object.fromEntries(
    lines.map((line) => line.split(/ = (.*)/).slice(0, 2) as [string, string]),
  );
}

test('says the sizes, and that many at most on the server', () => {
  expect(settingsOf(pgbouncerIni(PLACE, SIZES))).toMatchObject({
    shop: 'host=db.example.com port=5432 dbname=shop',
    listen_addr: '127.0.0.1',
    auth_type: 'scram-sha-256',
    pool_mode: 'transaction',
    default_pool_size: '9',
    reserve_pool_size: '2',
    max_db_connections: '11',
    max_client_conn: '100',
    stats_users: 'app',
  });
});

test('TLS to the server as the address has it', () => {
  const of = (mode: string, caFile?: string) =>
    settingsOf(pgbouncerIni(PLACE, SIZES, { serverTls: { mode, caFile } }));
  expect(of('require').server_tls_sslmode).toBe('require');
  expect(of('verify-full', '/etc/ca.pem')).toMatchObject({
    server_tls_sslmode: 'verify-full',
    server_tls_ca_file: '/etc/ca.pem',
  });
  expect(settingsOf(pgbouncerIni(PLACE, SIZES))).not.toHaveProperty('server_tls_sslmode');
});

test('reminds of TLS where clients come over the network', () => {
  expect(pgbouncerIni(PLACE, SIZES, { listenAddress: '0.0.0.0' })).toContain(';client_tls_sslmode');
  expect(pgbouncerIni(PLACE, SIZES)).not.toContain('client_tls_sslmode');
});

test('names that it can’t write', () => {
  const text = pgbouncerIni({ ...PLACE, database: 'my shop' }, SIZES);
  expect(settingsOf(text)['*']).toBe('host=db.example.com port=5432');
  const socket = pgbouncerIni({ ...PLACE, host: "/var/run/o'dd" }, SIZES);
  expect(settingsOf(socket).shop).toBe("host='/var/run/o''dd' port=5432 dbname=shop");
});

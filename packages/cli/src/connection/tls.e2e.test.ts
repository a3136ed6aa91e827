import { diagnose } from '@lifeguard/guard';
import { Pool } from '@lifeguard/pool';
import {
  AppFolder,
  certificates,
  type PostgresServer,
  serveTls,
  startPostgres,
} from '@lifeguard/testkit';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { CliRun } from '../testing/run-cli.ts';

/** Known there by a client's certificate alone. */
const KNOWN_BY_CERTIFICATE = 'certificates';

let server: PostgresServer;
let folder: AppFolder;
let files: { root: string; certificate: string; key: string; foreign: string; foreignKey: string };

beforeAll(async () => {
  folder = new AppFolder();
  server = await startPostgres();
  await server.createDatabase(KNOWN_BY_CERTIFICATE);
  const client = new pg.Client(server.url());
  await client.connect();
  await serveTls(client, KNOWN_BY_CERTIFICATE);
  await client.end();
  files = {
    root: folder.write('root.crt', certificates.authority),
    certificate: folder.write('client.crt', certificates.client.certificate),
    key: folder.write('client.key', certificates.client.key),
    foreign: folder.write('foreign.crt', certificates.server.certificate),
    foreignKey: folder.write('foreign.key', certificates.server.key),
  };
});
afterAll(async () => {
  folder?.remove();
  await server?.stop('immediate');
});

/** The server's certificate is for `localhost`. */
function url(parameters: Record<string, string>, host = 'localhost', database = 'postgres') {
  return server.url(parameters, database).replace('127.0.0.1', host);
}

const verified = () => ({ sslmode: 'verify-full', sslrootcert: files.root });

async function isEncrypted(connectionString: string): Promise<boolean> {
  const pool = new Pool({ connectionString, max: 2 });
  try {
    // On the shared lane and on a checkout.
    const text = 'SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()';
    const client = await pool.connect();
    const answers = [await client.query(text), await pool.query(text)];
    client.release();
    const [one, other] = answers.map(({ rows }) => rows[0].ssl);
    expect(one).toBe(other);
    return one;
  } finally {
    await pool.end();
  }
}

test('the pool speaks TLS, checks whom it speaks to, and shows its own certificate', async () => {
  // Until the server has read its files.
  await expect
    .poll(() => isEncrypted(url(verified())).catch(String), { timeout: 15_000 })
    .toBe(true);
  expect(await isEncrypted(url({ sslmode: 'no-verify' }))).toBe(true);
  expect(await isEncrypted(url({ sslmode: 'disable' }))).toBe(false);
  const own = { ...verified(), sslcert: files.certificate, sslkey: files.key };
  expect(await isEncrypted(url(own, 'localhost', KNOWN_BY_CERTIFICATE))).toBe(true);
});

const refusals: [string, () => string, string, RegExp, RegExp][] = [
  [
    'an authority that nobody knows',
    () => url({ sslmode: 'verify-full' }),
    'tls',
    /authority that Node does not know/,
    /sslrootcert=/,
  ],
  [
    'another host name',
    () => url(verified(), '127.0.0.1'),
    'tls',
    /for other names than the host/,
    /subjectAltName/,
  ],
  [
    'a file that is not there',
    () => url({ sslmode: 'verify-full', sslrootcert: `${folder.path}/none.pem` }),
    'tls',
    /is not there/,
    /full paths/,
  ],
  [
    'no certificate of the client’s',
    () => url(verified(), 'localhost', KNOWN_BY_CERTIFICATE),
    'tls',
    /wants a certificate from the client/,
    /sslcert=/,
  ],
  [
    'somebody else’s certificate',
    () =>
      url(
        { ...verified(), sslcert: files.foreign, sslkey: files.foreignKey },
        'localhost',
        KNOWN_BY_CERTIFICATE,
      ),
    'authentication',
    /\(CN\) is not the user's name/,
    /openssl x509/,
  ],
];

test.each(refusals)('%s: told as what it is', async (_, address, kind, cause, remedy) => {
  const error = await isEncrypted(address()).catch((caught: unknown) => caught);
  const diagnosis = diagnose(error, { fromDatabase: true });
  expect(diagnosis).toMatchObject({ kind, outcome: 'not-sent', transient: false });
  expect(diagnosis.causes.join('\n')).toMatch(cause);
  expect(JSON.stringify(diagnosis.remedies)).toMatch(remedy);
});

test('the doctor connects by TLS, and says why it can’t', async () => {
  const well = new CliRun(['doctor', '--url', url(verified()), '--fail-on', 'critical']);
  expect(await well.end()).toBe(0);
  expect(well.stdout).toContain('at localhost');
  const ill = new CliRun(['doctor', '--url', url(verified(), '127.0.0.1')], { COLUMNS: '120' });
  expect(await ill.end()).toBe(3);
  expect(ill.stdout).toMatch(/ERR_TLS_CERT_ALTNAME_INVALID[\s\S]*for other names than the host/);
  expect(ill.stdout + ill.stderr).not.toContain(server.password);
});

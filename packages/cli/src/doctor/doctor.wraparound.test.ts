import { execFile } from 'node:child_process';
import { chown, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import {
  DEBIAN_POSTGRES_LIMIT_MILLIS,
  type PostgresServer,
  startPostgres,
} from '@lifeguard/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { complaints, Patient } from './testing/patient.ts';

const RESETWAL = '/usr/lib/postgresql/15/bin/pg_resetwal';
/** Two bits of state for each transaction, in files of 32 pages of 8 KB. */
const TRANSACTIONS_PER_FILE = 32 * 8_192 * 4;
const FILE_BYTES = 32 * 8_192;

let server: PostgresServer;

beforeAll(async () => {
  server = await startPostgres({
    version: 15,
    // Else it is freezing before anybody has looked.
    settings: { autovacuum_freeze_max_age: 2_000_000_000, autovacuum: 'off' },
  });
}, DEBIAN_POSTGRES_LIMIT_MILLIS);
afterAll(() => server?.stop('immediate'));

/** Moves the server's next transaction, as if it had run all those before it. */
async function skipTo(transaction: number): Promise<void> {
  await server.halt();
  const { uid, gid } = await stat(server.dataDir);
  const name = Math.floor(transaction / TRANSACTIONS_PER_FILE)
    .toString(16)
    .toUpperCase()
    .padStart(4, '0');
  const file = join(server.dataDir, 'pg_xact', name);
  await writeFile(file, Buffer.alloc(FILE_BYTES));
  await chown(file, uid, gid);
  await promisify(execFile)(RESETWAL, ['-x', String(transaction), '-D', server.dataDir], {
    uid,
    gid,
    cwd: '/',
  });
  await server.resume();
}

test('a server on its way to wraparound, and autovacuum off', async () => {
  await skipTo(600_000_000);
  await using patient = await Patient.in(server, 'old');
  const report = await patient.examine();
  expect(complaints(report)).toEqual(['warning autovacuum-off', 'warning wraparound']);
  const finding = report.findings.find(({ id }) => id === 'wraparound');
  expect(finding?.title).toMatch(/^Database \w+ is 28 % of the way to wraparound$/);
  expect(finding?.subjects).toContain('old');
});

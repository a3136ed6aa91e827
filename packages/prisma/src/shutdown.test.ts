import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { lifeguard } from './lifeguard.ts';
import { shutdownOnce } from './shutdown.ts';
import { type Library, openLibrary } from './testing/library.ts';

let library: Library;
beforeAll(async () => {
  library = await openLibrary();
  await library.sql.query('CREATE TABLE ledger (entry text)');
});
afterAll(() => library?.close());

const COMPILED = new URL('../dist/index.js', import.meta.url).href;

/** A process with a transaction under way, which it ends only after it has heard the signal. */
function start(program: string): ChildProcess {
  const code = `
    import { lifeguard } from ${JSON.stringify(COMPILED)};
    const db = lifeguard({ url: process.env.DATABASE_URL });
    const client = await db.pool.connect();
    await client.query('BEGIN');
    ${program}`;
  return spawn(process.execPath, ['--input-type=module', '--eval', code], {
    env: { ...process.env, DATABASE_URL: library.server.url() },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

async function entries(): Promise<string[]> {
  const { rows } = await library.sql.query('SELECT entry FROM ledger ORDER BY entry');
  return rows.map(({ entry }) => entry);
}

test('SIGTERM lets a transaction end, closes the pool, and still ends the process by the signal', async () => {
  const child = start(`
    const heard = setInterval(async () => {
      // The library has taken its listener away: it has heard the signal and drains.
      if (process.listenerCount('SIGTERM') > 0) return;
      clearInterval(heard);
      await client.query("INSERT INTO ledger VALUES ('finished')");
      await client.query('COMMIT');
      client.release();
    }, 10);
    console.log('ready');
  `);
  await once(child.stdout as NodeJS.ReadableStream, 'data');
  child.kill('SIGTERM');
  const [code, signal] = await once(child, 'exit');
  expect([code, signal]).toEqual([null, 'SIGTERM']);
  expect(await entries()).toContain('finished');
});

test('several pools in one process drain together', async () => {
  const child = start(`
    const other = lifeguard({ url: process.env.DATABASE_URL });
    await other.pool.query("INSERT INTO ledger VALUES ('two pools')");
    client.release();
    console.log('ready');
    setInterval(() => {}, 60_000);
  `);
  await once(child.stdout as NodeJS.ReadableStream, 'data');
  child.kill('SIGTERM');
  expect(await once(child, 'exit')).toEqual([null, 'SIGTERM']);
});

test('a library that ends the process when it is the last to listen still does', async () => {
  // As signal-exit does it, which many command-line libraries bring along.
  const child = start(`
    const last = () => {
      if (process.listenerCount('SIGTERM') !== 1) return;
      process.off('SIGTERM', last);
      process.kill(process.pid, 'SIGTERM');
    };
    process.on('SIGTERM', last);
    console.log('ready');
    setInterval(() => {}, 60_000);
  `);
  await once(child.stdout as NodeJS.ReadableStream, 'data');
  child.kill('SIGTERM');
  expect(await once(child, 'exit')).toEqual([null, 'SIGTERM']);
});

test('an application that listens itself is in charge', async () => {
  const child = start(`
    process.on('SIGTERM', async () => {
      await client.query("INSERT INTO ledger VALUES ('own handler')");
      await client.query('COMMIT');
      client.release();
      await db.shutdown();
      process.exitCode = 7;
    });
    console.log('ready');
  `);
  await once(child.stdout as NodeJS.ReadableStream, 'data');
  child.kill('SIGTERM');
  const [code] = await once(child, 'exit');
  expect(code).toBe(7);
  expect(await entries()).toContain('own handler');
});

test('shutdown waits for a transaction, may be called twice, and cuts what takes too long', async () => {
  const { db } = library.open();
  const client = await db.pool.connect();
  const both = [db.shutdown(), db.shutdown()];
  await client.query("INSERT INTO ledger VALUES ('before the end')");
  client.release();
  await Promise.all(both);
  expect(await entries()).toContain('before the end');

  const { db: stubborn } = library.open();
  await stubborn.pool.connect();
  await stubborn.shutdown({ timeout: 300 });
  expect(stubborn.pool.ended).toBe(true);
});

test('closes the pool also when something before it can’t be closed', async () => {
  const db = lifeguard({ url: library.server.url(), signals: false, observeRequests: false });
  const shutdown = shutdownOnce({
    pool: db.pool,
    monitor: db.monitor,
    begins: () => {},
    isQuiet: () => Promise.reject(new Error('not now')),
  });
  await expect(shutdown()).rejects.toThrow('not now');
  expect(db.pool.ended).toBe(true);
});

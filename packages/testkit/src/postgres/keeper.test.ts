import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { expect, test } from 'vitest';
import { KeeperClient } from './keeper-client.ts';
import { startPostgres } from './server.ts';

const SOON = { timeout: 15_000 };

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** Another test's process, with a server of its own. */
async function startOtherProcess(then: string) {
  const testkit = new URL('../../dist/index.js', import.meta.url).href;
  const script = `
    import { startPostgres } from ${JSON.stringify(testkit)};
    const { pid, dataDir } = await startPostgres();
    console.log(JSON.stringify({ pid, dataDir }));
    ${then}`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = await once(createInterface(child.stdout), 'line');
  const server: { pid: number; dataDir: string } = JSON.parse(line);
  return { child, ...server };
}

test('a killed test leaves neither server nor data', async () => {
  const { child, pid, dataDir } = await startOtherProcess('setInterval(() => {}, 1000);');
  expect(isAlive(pid)).toBe(true);
  expect(existsSync(dataDir)).toBe(true);
  child.kill('SIGKILL');
  await expect.poll(() => isAlive(pid), SOON).toBe(false);
  await expect.poll(() => existsSync(dataDir), SOON).toBe(false);
});

test('a test that forgets to stop its server ends all the same, and leaves nothing', async () => {
  const { child, pid, dataDir } = await startOtherProcess('');
  if (child.exitCode === null) await once(child, 'exit');
  expect(child.exitCode).toBe(0);
  await expect.poll(() => isAlive(pid), SOON).toBe(false);
  await expect.poll(() => existsSync(dataDir), SOON).toBe(false);
});

test('a killed keeper leaves neither server nor data, and is an error', async () => {
  const server = await startPostgres();
  const pid = server.pid ?? 0;
  process.kill(server.keeperPid ?? 0, 'SIGKILL');
  await expect(server.halt()).rejects.toThrow(/process that keeps PostgreSQL ended/);
  await expect.poll(() => isAlive(pid), SOON).toBe(false);
  await expect.poll(() => existsSync(server.dataDir), SOON).toBe(false);
  await expect(server.stop()).rejects.toThrow(/process that keeps PostgreSQL ended/);
});

test('a keeper that can not run is an error with its output', async () => {
  const keeper = new KeeperClient(() => {}, new URL('no-such-file.js', import.meta.url).pathname);
  await expect(keeper.ask({ kind: 'resume' })).rejects.toThrow(
    /exit code 1.*\n[\s\S]*no-such-file/,
  );
  await keeper.close();
});

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { connect } from 'node:net';
import { createInterface } from 'node:readline';
import { afterEach, beforeAll, expect, test, vi } from 'vitest';
import { REDIS_LIMIT_MILLIS, type RedisServer, startRedis } from './redis-server.ts';

let server: RedisServer | undefined;
// Where Redis is missing, it is installed here.
beforeAll(async () => (await startRedis()).stop(), REDIS_LIMIT_MILLIS);
afterEach(() => server?.stop());

function ask(port: number, command: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(`${command}\r\n`));
    socket.once('data', (bytes) => {
      socket.destroy();
      resolve(bytes.toString().trim());
    });
    socket.once('error', reject);
  });
}

test('answers, forgets what it knew when killed, and comes back on its port', async () => {
  server = await startRedis();
  const { port } = server;
  expect(await ask(port, 'SET a 1')).toBe('+OK');
  await server.halt();
  await expect(ask(port, 'PING')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  await server.resume();
  expect(server.port).toBe(port);
  expect(await ask(port, 'EXISTS a')).toBe(':0');
});

test('does not answer while frozen', async () => {
  server = await startRedis();
  server.freeze();
  const answer = ask(server.port, 'PING');
  const isFirst = await Promise.race([answer.then(() => 'answer'), tick('silence')]);
  expect(isFirst).toBe('silence');
  server.thaw();
  expect(await answer).toBe('+PONG');
});

test('ends with the process that started it', { timeout: 60_000 }, async () => {
  const testkit = new URL('../../dist/index.js', import.meta.url).href;
  const script = `
    import { startRedis } from ${JSON.stringify(testkit)};
    const { pid } = await startRedis();
    console.log(pid);
    setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = await once(createInterface(child.stdout), 'line');
  expect(existsSync(`/proc/${line}`) || process.platform !== 'linux').toBe(true);
  child.kill('SIGKILL');
  await vi.waitFor(() => expect(() => process.kill(Number(line), 0)).toThrow(), {
    timeout: 15_000,
  });
});

function tick<T>(value: T): Promise<T> {
  return new Promise((resolve) => setTimeout(resolve, 50, value));
}

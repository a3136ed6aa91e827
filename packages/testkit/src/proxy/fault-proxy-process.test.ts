import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startFaultProxyProcess } from './fault-proxy-process.ts';

let echo: Server;
let target: { port: number };

beforeAll(async () => {
  echo = createServer((socket) => socket.on('error', () => {}).pipe(socket)).listen(0, '127.0.0.1');
  await once(echo, 'listening');
  target = { port: (echo.address() as AddressInfo).port };
});
afterAll(() => {
  echo.close();
});

async function roundTrip(port: number): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  socket.write('hello');
  try {
    const [data] = await once(socket, 'data');
    return String(data);
  } finally {
    socket.destroy();
  }
}

test('forwards with the delay it was started with, and takes faults', async () => {
  const proxy = await startFaultProxyProcess({ target, delayMillis: 30 });
  expect(proxy.url('postgresql://u:p@db:5432/shop')).toBe(
    `postgresql://u:p@127.0.0.1:${proxy.port}/shop`,
  );
  const start = performance.now();
  expect(await roundTrip(proxy.port)).toBe('hello');
  expect(performance.now() - start).toBeGreaterThanOrEqual(59);

  await Promise.all([proxy.apply('delay', 0), proxy.apply('refuse')]);
  await expect(roundTrip(proxy.port)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  await proxy.apply('heal');
  expect(await roundTrip(proxy.port)).toBe('hello');

  await proxy.close();
  await expect(roundTrip(proxy.port)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  await expect(proxy.apply('heal')).rejects.toThrow('The process of the fault proxy has ended');
});

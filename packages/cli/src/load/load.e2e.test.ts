import { readFile, rm } from 'node:fs/promises';
import { createServer, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { CliRun } from '../testing/run-cli.ts';
import { QuietSession } from '../testing/session.ts';
import type { LoadOptions } from './command.ts';
import { runLoad } from './run-load.ts';
import { DEFAULTS } from './testing/plan.ts';

let server: Server;
let address: string;
/** Answers at once, but for 2 s that begin with the 100th request to /stall. */
let stalled: ServerResponse[] | undefined;
let requests = 0;

beforeAll(async () => {
  server = createServer((request, response) => {
    if (request.url !== '/stall') {
      response.end('ok');
      return;
    }
    if (++requests === 100) {
      stalled = [];
      setTimeout(() => {
        for (const one of stalled ?? []) one.end('late');
        stalled = undefined;
      }, 2_000);
    }
    if (stalled) stalled.push(response);
    else response.end('ok');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  address = `127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

async function load(options: Partial<LoadOptions>, path = '/'): Promise<[number, string]> {
  const session = new QuietSession();
  try {
    const code = await runLoad(`${address}${path}`, { ...DEFAULTS, ...options }, session);
    return [code, session.printed];
  } finally {
    await session.cleanups.run();
  }
}

test('a real stall shows for all who came during it', async () => {
  const [code, printed] = await load({ rate: 100, duration: 5, json: true }, '/stall');
  const { phases, timeline, version, command } = JSON.parse(printed);
  const [phase] = phases;
  expect([code, version, command]).toEqual([0, 1, 'load']);
  expect(phase).toMatchObject({ offered: 500, served: 500, failed: 0 });
  // 200 of 500 came in the stall: three out of ten waited longer than half a second, whatever this machine does.
  expect(phase.latency.p75).toBeGreaterThan(500);
  expect(phase.latency.max).toBeGreaterThanOrEqual(1_990);
  expect(Math.max(...timeline.inFlight)).toBeGreaterThan(100);
  // All of it was the service's doing: there are connections enough.
  expect(phase.service.max).toBeGreaterThanOrEqual(1_990);
});

test('a rule that is broken: exit code 1', async () => {
  const [code, printed] = await load({
    rate: 50,
    duration: 1,
    failIf: ['served<1000/s', 'errors>1%'],
  });
  expect(code).toBe(1);
  expect(printed).toMatch(/failed {2}served<1000\/s {2}\(was \d+\/s\)\n {2}passed {2}errors>1%/);
});

test('not one answer: exit code 3', async () => {
  const silent = createTcpServer((socket) => socket.on('error', () => {}).destroy());
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
  const { port } = silent.address() as AddressInfo;
  const session = new QuietSession();
  const options = { ...DEFAULTS, rate: 20, duration: 0.5 };
  expect(await runLoad(`:${port}`, options, session)).toBe(3);
  expect(session.printed).toContain(
    'Not one request was served: 100 % failed with a lost connection.',
  );
  await session.cleanups.run();
  silent.close();
});

test('as a user starts it', async () => {
  const run = new CliRun(['load', address, '-c', '2', '--duration', '0.5', '--warmup', '0']);
  expect(await run.end()).toBe(0);
  expect(run.stdout).toMatch(/^GET http:\/\/127\.0\.0\.1:\d+\/\n2 workers in a closed loop/);
  expect(run.complaints).toEqual([]);
});

test('--json: into a file, or onto standard output although the URL follows it', async () => {
  const file = join(tmpdir(), `lifeguard-load-${process.pid}.json`);
  const brief = ['-c', '1', '--duration', '0.2', '--warmup', '0'];
  const kept = new CliRun(['load', address, ...brief, '--json', file]);
  expect(await kept.end()).toBe(0);
  expect(kept.stdout).toContain('1 worker got');
  expect(JSON.parse(await readFile(file, 'utf8'))).toMatchObject({ version: 1, command: 'load' });
  await rm(file);
  const printed = new CliRun(['load', ...brief, '--json', address]);
  expect(await printed.end()).toBe(0);
  expect(JSON.parse(printed.stdout)).toMatchObject({ settings: { model: 'closed' } });
});

test.each([
  [
    ['load', '127.0.0.1:1', '--json', '/no/such/folder/a.json'],
    2,
    /\/no\/such\/folder\/a\.json: it can’t be written \(ENOENT\)/,
  ],
  [['load'], 2, /no URL given/],
  [['load', '192.0.2.1'], 2, /192\.0\.2\.1 is not this machine/],
  [['load', '127.0.0.1:1'], 3, /127\.0\.0\.1:1 can’t be reached: ECONNREFUSED/],
  [['load', ':1', '--rate', '1e9'], 2, /Give a number from 0\.1 to 20000/],
])('%j: exit code %i', async (args, code, words) => {
  const run = new CliRun(args);
  expect(await run.end()).toBe(code);
  expect(run.stderr).toMatch(words);
  expect(run.stdout).toBe('');
});

test('Ctrl-C: it tells what was measured, and exits with 130', async () => {
  const run = new CliRun([
    'load',
    address,
    '--rate',
    '20',
    '--duration',
    '600',
    '--warmup',
    '0',
    '--json',
  ]);
  await new Promise<void>((resolve) => server.once('request', () => resolve()));
  run.interrupt();
  expect(await run.end()).toBe(130);
  const { interrupted, phases, notes } = JSON.parse(run.stdout);
  expect(interrupted).toBe(true);
  expect(phases[0].seconds).toBeLessThan(600);
  expect(phases[0].served + phases[0].unfinished).toBe(phases[0].offered);
  expect(phases[0].offered).toBeGreaterThan(0);
  expect(notes[0]).toContain('interrupted');
  expect(run.stderr).toBe('');
});

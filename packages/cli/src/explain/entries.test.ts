import { expect, test } from 'vitest';
import { readEntries } from './entries.ts';

const NOW = Date.parse('2026-11-27T12:00:00Z');

async function entriesOf(log: string) {
  async function* lines() {
    yield* log.split('\n');
  }
  const entries = [];
  for await (const entry of readEntries(lines(), NOW)) entries.push(entry);
  return entries;
}

const textsOf = async (log: string) => (await entriesOf(log)).map(({ text }) => text);

test('an error with its stack, its properties and its cause is one entry', async () => {
  const error = `Error: connect ECONNREFUSED 127.0.0.1:5432
    at TCPConnectWrap.afterConnect (node:net:1555:16) {
  errno: -111,
  [cause]: Error: inner
      at x
}`;
  expect(await textsOf(`starting\n${error}\nGET / 200`)).toEqual(['starting', error, 'GET / 200']);
});

test('Prisma’s message stands below its call, its file and its source', async () => {
  const error = `PrismaClientKnownRequestError: 
Invalid \`prisma.product.findMany()\` invocation in
/app/src/home.ts:10:30

  7 
→ 10   const rows = await prisma.product.findMany(
Timed out fetching a new connection from the connection pool.
    at handleRequestError (/app/node_modules/x.js:1:1) {
  code: 'P2024'
}`;
  expect(await textsOf(`${error}\nnext`)).toEqual([error, 'next']);
  const production = `Invalid \`prisma.product.findMany()\` invocation:


Timed out fetching a new connection from the connection pool.`;
  expect(await textsOf(`${production}\nnext`)).toEqual([production, 'next']);
});

test('where every line has a time, a stack still belongs to its error', async () => {
  const stamp = '2026-11-27T11:59:00.500Z';
  const log = `${stamp} stderr F Error: boom\n${stamp} stderr F     at x (y.js:1:1)\n${stamp} stderr F next`;
  expect(await entriesOf(log)).toEqual([
    { text: 'Error: boom\n    at x (y.js:1:1)', time: Date.parse(stamp) },
    { text: 'next', time: Date.parse(stamp) },
  ]);
});

test('colours are no words', async () => {
  expect(await textsOf('\u001b[31merror\u001b[39m: sorry')).toEqual(['error: sorry']);
});

test('JSON lines: pino, winston, Docker, GCP, Lambda', async () => {
  const log = [
    { level: 50, time: NOW, err: { message: 'too many', stack: 'Error: too many\n    at x' } },
    { level: 'error', timestamp: '2026-11-27T12:00:00Z', message: 'sorry', stack: 'Error: sorry' },
    { log: 'FATAL: no\n', stream: 'stderr', time: '2026-11-27T12:00:00Z' },
    { severity: 'ERROR', timestamp: '2026-11-27T12:00:00Z', jsonPayload: { message: 'nested' } },
    {
      timestamp: '2026-11-27T12:00:00Z',
      errorMessage: 'late',
      stackTrace: ['Error: late', 'at x'],
    },
  ];
  const entries = await entriesOf(log.map((line) => JSON.stringify(line)).join('\n'));
  expect(entries.map(({ text }) => text)).toEqual([
    'too many\nError: too many\n    at x',
    'sorry\nError: sorry',
    'FATAL: no',
    'nested',
    'late\nError: late\nat x',
  ]);
  expect(new Set(entries.map(({ time }) => time))).toEqual(new Set([NOW]));
});

test('a log that is all stack fills no memory', async () => {
  const [entry, ...others] = await entriesOf(`Error: x\n${'    at y\n'.repeat(10_000)}`);
  expect(others).toEqual([]);
  expect(entry?.text.split('\n').length).toBeLessThanOrEqual(200);
});

test.each(['{', '{}', '[]', '{"time":"never"}', '}', '', '\u0000', '{"err":{"stack":[1,{}]}}'])(
  'nonsense is no trouble: %j',
  async (line) => {
    await entriesOf(line);
  },
);

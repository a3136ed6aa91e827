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

test('the fields of an error in the server’s log belong to it, and a statement over lines', async () => {
  const at = '2026-11-27 11:59:00.500 UTC [44] app@shop';
  const log = `${at} ERROR:  deadlock detected
${at} DETAIL:  Process 44 waits for ShareLock on transaction 742; blocked by process 45.
\tProcess 45 waits for ShareLock on transaction 741; blocked by process 44.
${at} HINT:  See server log for query details.
${at} STATEMENT:  UPDATE a
\tSET x = 1
${at} LOG:  checkpoint complete`;
  const texts = await textsOf(log);
  expect(texts).toHaveLength(2);
  expect(texts[0]).toMatch(/^\[44\] app@shop ERROR: {2}deadlock[\s\S]*\tSET x = 1$/);
});

test('a row of the server’s CSV log, over lines', async () => {
  const session = '"10.0.1.5:51234",66.9,1,"UPDATE",2026-11-27 09:00:01 UTC,3/2,742';
  const row = `2026-11-27 12:00:00.000 UTC,"app","shop",44,${session},ERROR,40P01,"deadlock detected","Process 44 waits; the ""first"".
Process 45 waits.","See the log.",,,"while updating","UPDATE a
SET x = 1",,,"api","client backend",,0`;
  const others =
    '2026-11-27 12:00:01.000 UTC,,,1,,66.1,5,,2026-11-27 09:00:00 UTC,,0,LOG,00000,"ready"';
  expect(await entriesOf(`${row}\n${others}\nplain`)).toMatchObject([
    {
      text: 'ERROR:  deadlock detected\nDETAIL:  Process 44 waits; the "first".\nProcess 45 waits.\nHINT:  See the log.',
      time: NOW,
      structured: { code: '40P01', message: 'deadlock detected' },
    },
    { text: 'LOG:  ready', time: NOW + 1_000 },
    { text: 'plain' },
  ]);
});

test('JSON over lines is read as JSON', async () => {
  const log = JSON.stringify({ time: NOW, error: { message: 'sorry', code: '53300' } }, null, 2);
  expect(await entriesOf(`${log}\n${log}`)).toEqual(
    [0, 1].map(() => ({
      text: 'sorry',
      time: NOW,
      structured: { message: 'sorry', code: '53300' },
    })),
  );
});

test('Prisma’s second sentence and the frame of its schema, with times', async () => {
  const at = '[11:38:53.127]';
  const lines = [
    'Error: P1001: Can’t reach database server at `db`:`5432`',
    '',
    'Please make sure your database server is running at `db`:`5432`.',
    '  -->  schema.prisma:8',
    '   | ',
    ' 8 |   url = env("DATABASE_URL")',
  ];
  expect(await textsOf(lines.map((line) => `${at} ${line}`).join('\n'))).toHaveLength(1);
});

test('what Nest’s retry waits for stands below', async () => {
  const log =
    'ERROR [TypeOrmModule] Unable to connect to the database. Retrying (1)...\nError: connect ECONNREFUSED 127.0.0.1:5432\n    at x';
  expect(await textsOf(`${log}\nnext`)).toEqual([log, 'next']);
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

import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { CliRun } from '../testing/run-cli.ts';
import { QuietSession } from '../testing/session.ts';
import { runExplain } from './run-explain.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lifeguard-explain-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));
afterEach(() => vi.restoreAllMocks());

async function explain(words: string[], file?: string, json = false): Promise<string> {
  const session = new QuietSession();
  await runExplain(words, { ...(file && { file }), all: false, json }, session);
  await session.cleanups.run();
  return session.printed.trimEnd();
}

async function fileWith(text: string): Promise<string> {
  const file = join(folder, 'app.log');
  await writeFile(file, text);
  return file;
}

test('a code, a text, and what is none', async () => {
  expect(await explain(['P2024'])).toMatch(/^No connection of the application's pool .* \(P2024\)/);
  expect(await explain(['FATAL:', 'sorry,', 'too many clients already'])).toMatch(
    /^The database server has no connection slots left/,
  );
  expect(await explain(['Cannot find module x'])).toContain('no error of a database');
});

test('a log in a file, and one from standard input', async () => {
  const log = 'GET / 200\nError: timeout exceeded when trying to connect\n    at x\nGET / 500\n';
  expect(await explain([], await fileWith(log))).toContain('3 entries read: 1 database error');
  const input = new PassThrough();
  vi.spyOn(process, 'stdin', 'get').mockReturnValue(input as never);
  input.end(log);
  expect(await explain([])).toContain('3 entries read: 1 database error');
});

test('an error that a mail has broken into lines is read as one', async () => {
  const file = await fileWith('sorry, too many\nclients already');
  expect(JSON.parse(await explain([], file, true)).groups).toMatchObject([
    { kind: 'server-max-connections', count: 1 },
  ]);
});

test('nothing in it, or nothing known', async () => {
  expect(await explain([], await fileWith(''))).toBe('Nothing was read: the text is empty.');
  expect(await explain([], await fileWith('a\nb\nTypeError: x'))).toMatch(
    /^3 entries read: no error of a database.*TypeError \(1\)\.$/,
  );
});

test('a file that can’t be read is named', async () => {
  await expect(explain([], join(folder, 'no.log'))).rejects.toThrow(
    /no\.log: there is no such file/,
  );
  await expect(explain([], folder)).rejects.toThrow(/EISDIR/);
});

test('as a user starts it: output alone on stdout, exit codes', async () => {
  const known = new CliRun(['explain', '--json', 'P1001']);
  expect(await known.end()).toBe(0);
  expect(JSON.parse(known.stdout).groups).toMatchObject([{ kind: 'unreachable' }]);
  const missing = new CliRun(['explain', '--file', join(folder, 'no.log')]);
  expect(await missing.end()).toBe(2);
  expect([missing.stdout, missing.complaints.length]).toEqual(['', 1]);
});

test('texts that people have reported are of the kind that they should be', async () => {
  const reported: { text: string; kind: string }[] = JSON.parse(
    readFileSync(
      new URL('../../../guard/src/diagnose/fixtures/reported-errors.json', import.meta.url),
      'utf8',
    ),
  );
  const wrong = [];
  for (const { text, kind } of reported) {
    const { groups } = JSON.parse(await explain([], await fileWith(text), true));
    const kinds = groups.map((group: { kind: string }) => group.kind);
    const right = kind === 'unknown' ? kinds.length === 0 : kinds.includes(kind);
    if (!right) wrong.push({ kind, kinds, text });
  }
  expect(reported.length).toBeGreaterThan(200);
  expect(wrong).toEqual([]);
});

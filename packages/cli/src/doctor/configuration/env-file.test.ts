import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { UserError } from '../../frame/user-error.ts';
import { readEnvironment } from './env-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'lifeguard-env-'));
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

test('a file counts before the environment, a later one before an earlier', () => {
  const first = file('.env', 'A=1\nB=1 # why\nC="a b"\n');
  const second = file('.env.production', 'B=2\n');
  const { env, fileOf } = readEnvironment([first, second], { A: '0', D: '0' });
  expect(env).toEqual({ A: '1', B: '2', C: 'a b', D: '0' });
  expect(['A', 'B', 'D'].map(fileOf)).toEqual([first, second, undefined]);
});

const ref = (name: string) => `$\{${name}}`;

test('references are replaced, in files only', () => {
  const url = `postgresql://app:${ref('PASSWORD')}@${ref('HOST')}/${ref('MISSING')}x`;
  const lines = ['HOST=db', `DATABASE_URL="${url}"`, `SELF=${ref('SELF')}`, `RAW=\\${ref('HOST')}`];
  const { env } = readEnvironment([file('.refs', lines.join('\n'))], {
    PASSWORD: `a${ref('HOST')}b`,
  });
  expect(env.DATABASE_URL).toBe(`postgresql://app:a${ref('HOST')}b@db/x`);
  expect(env.RAW).toBe(ref('HOST'));
});

test('without files nothing is touched', () => {
  const env = { A: ref('B') };
  expect(readEnvironment([], env).env).toEqual(env);
});

test('a file that is not there is named', () => {
  expect(() => readEnvironment([join(folder, 'nowhere')], {})).toThrow(UserError);
  expect(() => readEnvironment([join(folder, 'nowhere')], {})).toThrow(
    /nowhere: there is no such file/,
  );
});

test('as editors and shells of Windows write it', () => {
  const { env } = readEnvironment([file('.bom', '\uFEFFA=1\r\nB="2"\r\n')], {});
  expect(env).toEqual({ A: '1', B: '2' });
  const path = join(folder, '.utf-16');
  writeFileSync(path, '\uFEFFA=1\r\n', 'utf16le');
  expect(() => readEnvironment([path], {})).toThrow(/it is UTF-16, .*save it as UTF-8/);
  expect(readEnvironment([file('.empty', '')], {}).env).toEqual({});
});

test('a folder is none', () => {
  expect(() => readEnvironment([folder], {})).toThrow(/: it is a folder/);
});

import { mkdtempSync, readFileSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { userlist, writeFiles } from './files.ts';

function at(...folder: string[]) {
  const dir = join(...folder);
  return { ini: join(dir, 'pgbouncer.ini'), userlist: join(dir, 'userlist.txt') };
}

test('folders that are missing are made, and the userlist is nobody else’s', () => {
  const files = at(mkdtempSync(join(tmpdir(), 'lifeguard-')), 'etc', 'pgbouncer');
  writeFiles(files, { ini: 'ini', userlist: userlist([{ user: 'a"b', secret: 's' }]) });
  expect(readFileSync(files.ini, 'utf8')).toBe('ini');
  expect(readFileSync(files.userlist, 'utf8')).toBe('"a""b" "s"\n');
  expect(statSync(files.userlist).mode & 0o777).toBe(0o600);
});

// Node's recursive mkdir never comes back from there.
test.runIf(process.platform === 'linux')('where nothing can be made, that is said', () => {
  expect(() => writeFiles(at('/proc/here'), { ini: '', userlist: '' })).toThrow(
    '/proc/here can’t be written (ENOENT',
  );
});

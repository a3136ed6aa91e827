import { expect, test } from 'vitest';
import { UserError } from '../frame/user-error.ts';
import { readTarget } from './target.ts';

const ELSEWHERE = 'postgresql://app@elsewhere/shop';

test('--url counts before DATABASE_URL, that before PGHOST', () => {
  expect(readTarget('postgresql://app@here/shop', { DATABASE_URL: ELSEWHERE }).origin).toBe(
    '--url',
  );
  expect(readTarget(undefined, { DATABASE_URL: ELSEWHERE, PGHOST: 'x' }).origin).toBe(
    'DATABASE_URL',
  );
  expect(readTarget(undefined, { PGHOST: 'x' }).origin).toBe('PGHOST');
  expect(readTarget('  ', { DATABASE_URL: ELSEWHERE }).origin).toBe('DATABASE_URL');
});

test.each([
  ['', 'no database given'],
  ['postgresql://app:s3cret@here/shop?connection_limit=abc', 'connection_limit=abc in --url'],
  ['mysql://app:s3cret@here/shop', '--url is an address of MySQL'],
  ['postgres:s3cret@here/shop', '--url has no // behind its scheme'],
  ["psql 'postgresql://app:s3cret@here/shop'", '--url has something before the URL'],
])('%s is refused in one line', (url, words) => {
  try {
    readTarget(url, {});
    expect.unreachable();
  } catch (error) {
    expect(error).toBeInstanceOf(UserError);
    expect((error as Error).message).toContain(words);
    expect((error as Error).message).not.toMatch(/s3cret|\n/);
  }
});

test.each([
  ['--url', 'say --url postgresql://'],
  ['--database', 'say --database postgresql://'],
  ['the URL', 'say its URL, postgresql://'],
])('without a database, %s is what to say', (option, words) => {
  expect(() => readTarget(undefined, {}, { option })).toThrow(words);
});

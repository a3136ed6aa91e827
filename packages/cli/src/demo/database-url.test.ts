import { describe, expect, test } from 'vitest';
import { UserError } from '../frame/user-error.ts';
import { checkDatabaseUrl } from './database-url.ts';

const SECRET = 's3cret';

function complaint(text: string, ownsHost = false): string {
  try {
    checkDatabaseUrl(text, ownsHost);
  } catch (error) {
    expect(error).toBeInstanceOf(UserError);
    return (error as Error).message;
  }
  throw new Error(`accepted: ${text}`);
}

describe('refused, in one line that names the remedy and never the password', () => {
  test.each([
    [SECRET, 'is not a URL: write postgresql://'],
    [`app:${SECRET}@localhost/shop`, 'begins with postgresql://'],
    [`postgresql://app:${SECRET}@localhost:port/shop`, 'is not a valid URL'],
    [`postgresql://app:${SECRET}@localhost:99999/shop`, 'at most 65535'],
    [`mysql://app:${SECRET}@localhost/shop`, 'is an address of MySQL'],
    [`postgresql://app:${SECRET}@localhost/shop?connection_limit=abc`, 'connection_limit=abc'],
    [`postgresql://app:${SECRET}@localhost/shop?connection_limit=0`, 'connection_limit=0'],
    [
      `postgresql://app:${SECRET}@localhost/shop?pool_timeout=30000`,
      'did you mean pool_timeout=30?',
    ],
    [
      `postgresql://app:${SECRET}@localhost/shop?conection_limit=3`,
      'did you mean connection_limit?',
    ],
    [`postgresql://app:${SECRET}@localhost/shop?nonsense=3`, 'nonsense'],
    [`postgresql://app:${SECRET}#x@localhost/shop`, "'#' as %23"],
    [`postgresql://app:x#${SECRET}@localhost/shop`, "'#' as %23"],
    [`postgresql://app:${SECRET}@/shop`, 'names no host'],
    [`postgresql:///shop?password=${SECRET}`, 'names no host'],
    ['/var/run/postgresql shop', 'names no host'],
    [`postgresql://app:${SECRET}@db.example.com/shop`, '--i-own-this-host'],
    [`postgresql://app:${SECRET}@localhost/shop?host=db.example.com`, 'leads to db.example.com'],
    [`postgresql://app:${SECRET}@localhost.example.com/shop`, '--i-own-this-host'],
    [`postgresql://app:${SECRET}@10.0.0.1/shop`, 'leads to 10.0.0.1'],
  ])('%s', (text, words) => {
    const message = complaint(text);
    expect(message).toContain(words);
    expect(message).not.toContain(SECRET);
    expect(message).not.toContain('\n');
  });
});

describe('accepted', () => {
  test.each([
    'postgresql://app:s3cret@localhost:5432/shop',
    'postgres://app@127.0.0.1/shop',
    'postgresql://app@[::1]:5432/shop',
    'postgresql://app@LOCALHOST/shop',
    'postgresql://app@localhost/shop?schema=public&connection_limit=5&pool_timeout=10',
    'postgresql://app:s3%23cret@localhost/shop',
  ])('%s', (text) => {
    expect(checkDatabaseUrl(text, false).href).toBe(text);
  });

  test('another machine, for those who own it', () => {
    const text = 'postgresql://app@db.example.com/shop';
    expect(checkDatabaseUrl(text, true).hostname).toBe('db.example.com');
  });

  test('whoever owns the machine must name it, too', () => {
    expect(complaint('postgresql:///shop', true)).toContain('names no host');
  });
});

import { describe, expect, test } from 'vitest';
import { diagnose } from './diagnose.ts';
import { asEvidence } from './redact.ts';

describe('what a diagnosis shows', () => {
  test.each<[string, string]>([
    [
      'a URL with a password',
      "Can't reach database server at postgresql://app:s3cret@db.example.com:5432/shop",
    ],
    [
      'a password with an @',
      "Can't reach database server at postgresql://app:s3cret@s3cret@db.example.com:5432",
    ],
    [
      'a unique value',
      'ERROR: duplicate key value violates unique constraint "u"\nDETAIL:  Key (email)=(s3cret@example.com) already exists.',
    ],
    [
      'a statement in a log',
      'FATAL: sorry, too many clients already\nSTATEMENT:  SELECT * FROM "User" WHERE token = \'s3cret\'',
    ],
    [
      'a connection string of key and value',
      'FATAL:  database "shop" does not exist host=db password=s3cret',
    ],
    [
      'parameters',
      'Failed query: insert into t values ($1)\nparams: s3cret\n[cause]: error: sorry, too many clients already',
    ],
  ])('keeps %s to itself', (_what, text) => {
    for (const input of [text, new Error(text), { message: text, cause: new Error(text) }]) {
      const diagnosis = diagnose(input);
      expect(diagnosis.kind).not.toBe('unknown');
      expect(JSON.stringify(diagnosis)).not.toContain('s3cret');
    }
  });

  test.each([
    [
      "Can't reach database server at postgresql://app:s3cret@db.example.com:5432/shop",
      "Can't reach database server at postgresql://app:***@db.example.com:5432/shop",
    ],
    [
      'Unique constraint failed on the constraint: `User_email_key`',
      'Unique constraint failed on the constraint: `User_email_key`',
    ],
    ['duplicate key value violates unique constraint "u"', 'violates unique constraint "u"'],
    [
      'password authentication failed for user "app"',
      'password authentication failed for user "app"',
    ],
  ])('keeps what helps: %s', (text, evidence) => {
    expect(diagnose(text).evidence).toBe(evidence);
  });
});

describe('asEvidence', () => {
  test.each([
    ['postgres://u:p@h/d', 'postgres://u:***@h/d'],
    ['postgres://:p@h/d', 'postgres://:***@h/d'],
    ['redis://h:6379', 'redis://h:6379'],
    ['PGPASSWORD=p psql', 'PGPASSWORD=*** psql'],
    ["{ password: 'a b', user: 'u' }", "{ password: ***, user: 'u' }"],
    ['prisma://x/?api_key=abc&y=1', 'prisma://x/?api_key=***&y=1'],
    ['Key (a, b)=(1, (2)) already exists', 'Key (a, b)=(***) already exists'],
    ['password authentication failed', 'password authentication failed'],
    ['two\n  lines', 'two lines'],
  ])('%s', (text, expected) => {
    expect(asEvidence(text)).toBe(expected);
  });

  test('stays short', () => {
    expect(asEvidence('x'.repeat(1_000))).toHaveLength(200);
  });
});

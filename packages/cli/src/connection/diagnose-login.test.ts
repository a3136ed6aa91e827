import { expect, test } from 'vitest';
import { diagnoseLogin } from './diagnose-login.ts';

const ADDRESS = { host: 'db.internal', port: 6000, database: 'My Shop', user: "o'Neil" };

function failed(message: string, code?: string, address = ADDRESS) {
  return diagnoseLogin(Object.assign(new Error(message), code && { code }), address);
}

test('a user without CONNECT is told of the right that it lacks', () => {
  const { title, remedies } = failed('permission denied for database "My Shop"', '42501');
  expect(title).toBe('This user may not connect to this database');
  expect(remedies[0]?.code).toBe(`GRANT CONNECT ON DATABASE "My Shop" TO "o'Neil";`);
});

test('the remedies name this user, this database, this host', () => {
  const { remedies } = failed('password authentication failed for user "web"', '28P01');
  expect(remedies.map(({ code }) => code)).toContain(
    `psql -d 'My Shop' -c '\\password "o'\\''Neil"'`,
  );
  const starting = failed('the database system is starting up', '57P03');
  expect(starting.remedies[0]?.code).toContain('pg_isready -h db.internal -p 6000');
});

test('a full server is asked with a slot that it keeps', () => {
  const { remedies } = failed('sorry, too many clients already', '53300');
  expect(remedies[0]?.title).toContain('as a superuser');
});

test('who closes before any login has run nothing', () => {
  const { kind, meaning, remedies } = failed('Connection terminated unexpectedly');
  expect([kind, meaning]).toEqual(['unreachable', expect.stringContaining('Nothing was sent')]);
  expect(remedies[0]?.code).toBe('pg_isready -h db.internal -p 6000');
});

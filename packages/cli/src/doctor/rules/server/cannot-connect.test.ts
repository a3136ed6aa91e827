import { expect, test } from 'vitest';
import { askRule } from '../../testing/ask-rule.ts';
import { configuration, connectFailure } from '../../testing/made-up.ts';

function failed(message: string, code: string, facts = {}) {
  const error = Object.assign(new Error(message), { code });
  const [finding] = askRule('cannot-connect', {
    connectFailure: connectFailure(error),
    configuration: configuration(facts),
  });
  return finding;
}

test('a user without CONNECT is told of the right that it lacks', () => {
  const finding = failed('permission denied for database "My Shop"', '42501', {
    user: 'app',
    database: 'My Shop',
  });
  expect(finding?.title).toBe(
    'The doctor can’t connect: this user may not connect to this database',
  );
  expect(finding?.remedies[0]?.code).toBe('GRANT CONNECT ON DATABASE "My Shop" TO app;');
});

test('the remedies name this user and this database', () => {
  const finding = failed('password authentication failed for user "web"', '28P01', {
    user: "o'Neil",
    database: 'My Shop',
  });
  expect(finding?.remedies.at(-1)?.code).toBe(`psql -d 'My Shop' -c '\\password "o'\\''Neil"'`);
});

test('a full server is asked with a slot that it keeps', () => {
  const finding = failed('sorry, too many clients already', '53300');
  expect(finding?.remedies[0]?.title).toContain('as a superuser');
  expect(finding?.remedies).toHaveLength(3);
});

import { expect, test } from 'vitest';
import { isPoolerRefusal } from './pooler-refusal.ts';

test.each([
  ['FATAL', 'query_wait_timeout', true],
  ['FATAL', 'server login has been failing, try again later (server_login_retry)', true],
  [
    'FATAL',
    'server login has been failing, cached error: connect failed (server_login_retry)',
    true,
  ],
  // It may have been at work.
  ['FATAL', 'server conn crashed?', false],
  ['FATAL', 'query_timeout', false],
  ['FATAL', 'terminating connection due to administrator command', false],
  // Whoever raises an exception may say what they like.
  ['ERROR', 'query_wait_timeout', false],
])('%s %s: %s', (severity, message, refused) => {
  expect(isPoolerRefusal(Object.assign(new Error(message), { severity }))).toBe(refused);
});

import { type PostgresServer, startPostgres } from '@lifeguard/testkit';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { Cleanups } from '../frame/cleanups.ts';
import type { Session } from '../frame/session.ts';
import { UserError } from '../frame/user-error.ts';
import { coloursOf } from '../terminal/colours.ts';
import { Progress } from '../terminal/progress.ts';
import { connect } from './connect.ts';
import { readTarget } from './target.ts';

const SECRET = 's3cret';
let server: PostgresServer;
let cleanups = new Cleanups();

beforeAll(async () => {
  server = await startPostgres();
});
afterEach(async () => {
  await cleanups.run();
  cleanups = new Cleanups();
});
afterAll(() => server.stop('immediate'));

function session(): Session {
  return {
    env: {},
    colours: coloursOf({}, {}),
    width: 80,
    progress: new Progress(),
    cleanups,
    signal: new AbortController().signal,
    print: () => {},
  };
}

async function failure(url: string): Promise<UserError> {
  const error = await connect(readTarget(url, {}), 'a-test', session()).then(
    () => new Error('connected'),
    (thrown: Error) => thrown,
  );
  expect(error).toBeInstanceOf(UserError);
  return error as UserError;
}

test('opens by the parameters as the pool reads them, under its own name', async () => {
  const target = readTarget(undefined, {
    DATABASE_URL: server.url({ connection_limit: 3, application_name: 'web' }),
  });
  const { client, refusedParameter } = await connect(target, 'lifeguard-doctor', session());
  const { rows } = await client.query('SHOW application_name');
  expect([rows[0], refusedParameter]).toEqual([
    { application_name: 'lifeguard-doctor' },
    undefined,
  ]);
});

describe('a failure is explained, without a stack and without the password', () => {
  test.each([
    [
      'refused',
      () => `postgresql://app:${SECRET}@127.0.0.1:1/shop`,
      /^shop at 127\.0\.0\.1:1 \(--url\): /,
      'ECONNREFUSED',
    ],
    [
      'a wrong password',
      () => server.url().replace(/:[^:@]*@/, `:${SECRET}@`),
      /refused the login$/,
      '28P01',
    ],
    ['no such database', () => server.url({}, 'nowhere'), /^nowhere at /, '3D000'],
    ['no TLS there', () => server.url({ sslmode: 'verify-full' }), /TLS/, 'SSL'],
  ])('%s', async (_, url, message, details) => {
    const error = await failure(url());
    expect(error.exitCode).toBe(3);
    expect(error.message).toMatch(message);
    expect(error.details).toContain(details);
    expect(error.details).toContain('→');
    expect(`${error.message}${error.details}`).not.toMatch(
      new RegExp(`${SECRET}|${server.password}|\\n +at `),
    );
  });
});

test('what runs when the command ends does not go on', async () => {
  const { client } = await connect(readTarget(server.url(), {}), 'long-runner', session());
  const running = client.query('SELECT pg_sleep(600)').catch((error) => error);
  const observer = new pg.Client({ connectionString: server.url() });
  await observer.connect();
  const states = async () => {
    const { rows } = await observer.query(
      "SELECT state FROM pg_stat_activity WHERE application_name = 'long-runner'",
    );
    return rows.map(({ state }) => state);
  };
  await expect.poll(states).toEqual(['active']);
  await cleanups.run();
  await expect.poll(states).toEqual([]);
  expect(await running).toBeInstanceOf(Error);
  await observer.end();
});

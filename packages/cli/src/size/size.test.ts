import { startPostgres } from '@lifeguard/testkit';
import pg from 'pg';
import { describe, expect, test } from 'vitest';
import { CliRun } from '../testing/run-cli.ts';
import { QuietSession } from '../testing/session.ts';
import type { SizeOptions } from './command.ts';
import { runSize } from './run-size.ts';

async function size(
  options: Partial<SizeOptions>,
  env: NodeJS.ProcessEnv = {},
  width = 80,
): Promise<string> {
  const session = new QuietSession(env, width);
  try {
    const all = { preset: 'production', pooler: false, server: true, json: false } as const;
    await runSize({ ...all, ...options }, session);
    return session.printed.trimEnd();
  } finally {
    await session.cleanups.run();
  }
}

describe.each([80, 120])('at %i columns', (width) => {
  test.each([
    ['four', { instances: 4, dbCores: 8, maxConnections: 200 }],
    ['pooler', { instances: 24 }],
    ['serverless', { preset: 'serverless' as const }],
  ])('%s', async (name, options) => {
    await expect(`${await size(options, {}, width)}\n`).toMatchFileSnapshot(
      `./golden/${name}-${width}.txt`,
    );
  });
});

test('asks a live server, and counts who is not of this service', async () => {
  const server = await startPostgres({
    settings: { max_connections: 60, superuser_reserved_connections: 4, reserved_connections: 2 },
  });
  const other = new pg.Client({ connectionString: await server.createDatabase('other') });
  try {
    await other.connect();
    const report = JSON.parse(await size({ url: server.url(), json: true, others: undefined }));
    expect(report).toMatchObject({
      version: 1,
      command: 'size',
      situation: {
        maxConnections: 60,
        reserved: 6,
        others: 1,
        origins: { maxConnections: 'server', others: 'server', cores: 'assumed' },
      },
      sizing: { limit: 9, pooler: null },
    });
    expect(report.url).toMatch(/^postgresql:\/\/postgres:PASSWORD@127\.0\.0\.1:\d+\/postgres\?/);
    expect(JSON.stringify(report)).not.toContain(server.password);
    // What is said counts before what is seen.
    const given = JSON.parse(await size({ url: server.url(), json: true, maxConnections: 500 }));
    expect(given.situation).toMatchObject({ maxConnections: 500, reserved: 6 });
  } finally {
    await other.end();
    await server.stop('immediate');
  }
});

test('no room, in a sentence', async () => {
  await expect(size({ maxConnections: 10, others: 9 })).rejects.toThrow(
    /no room for this service: max_connections 10, less 3 reserved and 9 of others/,
  );
});

test('as a user starts it', async () => {
  const run = new CliRun(['size', '--instances', '4', '--json']);
  expect(await run.end()).toBe(0);
  expect(JSON.parse(run.stdout).sizing.limit).toBe(3);
  const wrong = new CliRun(['size', '--instances', 'many']);
  expect(await wrong.end()).toBe(2);
  expect(wrong.stderr).toContain('Give a whole number from 1 to 100000');
});

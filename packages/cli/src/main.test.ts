import { expect, test } from 'vitest';
import { CliRun } from './testing/run-cli.ts';

async function run(...args: string[]) {
  const cli = new CliRun(args);
  return { code: await cli.end(), stdout: cli.stdout, stderr: cli.stderr };
}

test('--help says what there is', async () => {
  const { code, stdout, stderr } = await run('--help');
  expect([code, stderr]).toEqual([0, '']);
  expect(stdout).toContain('demo [options]');
});

test('demo --help names every option', async () => {
  const { code, stdout } = await run('demo', '--help');
  expect(code).toBe(0);
  for (const option of [
    'incident',
    'seconds',
    'network-ms',
    'json',
    'no-serve',
    'i-own-this-host',
  ]) {
    expect(stdout).toContain(`--${option}`);
  }
});

test.each([
  [['demo', '--bogus'], "error: unknown option '--bogus'"],
  [['bogus'], "error: unknown command 'bogus'"],
  [['demo', '--seconds', '0'], /^error: .*Give a number from 1 to 600\.$/],
])('%j: exit code 2, one line, and where to look', async (args, line) => {
  const { code, stdout, stderr } = await run(...args);
  expect([code, stdout]).toEqual([2, '']);
  const lines = stderr.trimEnd().split('\n');
  expect(lines).toEqual([expect.stringMatching(line), '(--help shows what there is)']);
});

test('a bad DATABASE_URL: exit code 2 and one line, before anything is started', async () => {
  const cli = new CliRun(['demo'], { DATABASE_URL: 'postgresql://app:s3cret@/shop' });
  expect(await cli.end()).toBe(2);
  expect(cli.stdout).toBe('');
  expect(cli.stderr).toMatch(/^lifeguard: DATABASE_URL names no host.*\n$/);
});

test('help loads no database driver', async () => {
  const listModules = `
    import { createRequire } from 'node:module';
    const { cache } = createRequire('/');
    process.on('exit', () => console.error(Object.keys(cache).join('\\n')));`;
  const preload = `data:text/javascript,${encodeURIComponent(listModules)}`;
  const cli = new CliRun(['demo', '--help'], {}, ['--import', preload]);
  expect(await cli.end()).toBe(0);
  const modules = cli.stderr.replaceAll('\\', '/');
  expect(modules).toContain('/node_modules/commander/');
  expect(modules).not.toMatch(/\/node_modules\/(pg|undici|@prisma|hdr-histogram-js)\//);
});

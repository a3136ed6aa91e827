import { incidents } from '@lifeguard/storefront';
import { Command, CommanderError } from 'commander';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { addDemoCommand } from './command.ts';
import { runDemo } from './run-demo.ts';

vi.mock('./run-demo.ts', () => ({ runDemo: vi.fn() }));
const run = vi.mocked(runDemo);

let exitCode: typeof process.exitCode;
beforeEach(() => {
  exitCode = process.exitCode;
  run.mockReset().mockResolvedValue(0);
});
afterEach(() => {
  process.exitCode = exitCode;
  vi.restoreAllMocks();
});

async function parse(...args: string[]): Promise<{ error: unknown; written: string }> {
  let written = '';
  const program = new Command('lifeguard').exitOverride().configureOutput({
    writeErr: (text) => {
      written += text;
    },
  });
  addDemoCommand(program);
  const error = await program
    .parseAsync(['demo', ...args], { from: 'user' })
    .then(() => undefined)
    .catch((thrown) => thrown);
  return { error, written };
}

describe('options', () => {
  const defaults = { seconds: 2, networkMs: 1, json: false, serve: true, iOwnThisHost: false };

  test.each([
    [[], {}],
    [['--incident', 'checkout'], { incident: 'checkout' }],
    [['--seconds', '1', '--network-ms', '0'], { seconds: 1, networkMs: 0 }],
    [['--seconds=600', '--network-ms=1000'], { seconds: 600, networkMs: 1_000 }],
    [['--seconds', '1.5'], { seconds: 1.5 }],
    [
      ['--json', '--no-serve', '--i-own-this-host'],
      { json: true, serve: false, iOwnThisHost: true },
    ],
  ])('%j', async (args, expected) => {
    expect((await parse(...args)).error).toBeUndefined();
    expect(run.mock.calls).toEqual([[{ ...defaults, ...expected }, process.env]]);
  });
});

test('the exit code is what the demo returns', async () => {
  run.mockResolvedValue(1);
  await parse();
  expect(process.exitCode).toBe(1);
});

test('once interrupted, it waits for nothing', async () => {
  const exit = vi.spyOn(process, 'exit').mockImplementation((() => {}) as never);
  await parse();
  expect(exit).not.toHaveBeenCalled();
  run.mockResolvedValue(130);
  await parse();
  expect(exit).toHaveBeenCalledTimes(1);
  expect(process.exitCode).toBe(130);
});

describe('refused before anything runs, in one line that names the option', () => {
  const seconds = "'--seconds <n>' argument";
  const network = "'--network-ms <n>' argument";
  test.each([
    [['--seconds', '0'], `${seconds} '0' is invalid. Give a number from 1 to 600.`],
    [['--seconds', '601'], `${seconds} '601' is invalid. Give a number from 1 to 600.`],
    [['--seconds', 'abc'], `${seconds} 'abc' is invalid. Give a number from 1 to 600.`],
    [['--seconds', ''], `${seconds} '' is invalid. Give a number from 1 to 600.`],
    [['--seconds', 'NaN'], `${seconds} 'NaN' is invalid.`],
    [['--seconds'], `${seconds} missing`],
    [['--network-ms', '-1'], `${network} '-1' is invalid. Give a number from 0 to 1000.`],
    [['--network-ms', '1001'], `${network} '1001' is invalid. Give a number from 0 to 1000.`],
    [
      ['--incident', 'fire'],
      `argument 'fire' is invalid. Allowed choices are ${incidents.map(({ name }) => name).join(', ')}.`,
    ],
    [['--bogus'], "unknown option '--bogus'"],
    [['extra'], 'too many arguments'],
  ])('%j', async (args, words) => {
    const { error, written } = await parse(...args);
    expect(error).toBeInstanceOf(CommanderError);
    expect(error).toMatchObject({ exitCode: 1 });
    expect(written).toContain(words);
    expect(written.trimEnd()).not.toContain('\n');
    expect(run).not.toHaveBeenCalled();
  });
});

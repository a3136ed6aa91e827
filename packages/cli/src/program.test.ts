import { expect, test } from 'vitest';
import { makeProgram } from './program.ts';

test.each(makeProgram().commands.map((command) => [command.name(), command] as const))(
  '%s --help says what it does, with examples',
  (name, command) => {
    let help = '';
    command.configureOutput({ writeOut: (text) => (help += text) }).outputHelp();
    expect(command.description()).not.toBe('');
    const [, examples = ''] = help.split('\nExamples:\n');
    expect(examples.trimEnd().split('\n').length).toBeGreaterThan(1);
    for (const line of examples.trimEnd().split('\n')) expect(line).toContain(`lifeguard ${name}`);
    for (const line of help.split('\n')) expect(line.length).toBeLessThanOrEqual(100);
  },
);

test.each(makeProgram().commands.map((command) => [command.name(), command] as const))(
  '%s has --json',
  (_, command) => {
    expect(command.options.map(({ long }) => long)).toContain('--json');
  },
);

test.each(['doctor', 'size', 'watch', 'pgbouncer', 'pgbouncer check', 'pgbouncer status'])(
  '%s takes the database by itself and behind --url',
  (path) => {
    const command = path
      .split(' ')
      .reduce(
        (at, name) => at.commands.find((one) => one.name() === name) ?? expect.unreachable(name),
        makeProgram(),
      );
    expect(command.registeredArguments.map((one) => one.name())).toEqual(['url']);
    expect(command.options.map(({ long }) => long)).toContain('--url');
  },
);

test('help says nothing of flags that are off', () => {
  const help = makeProgram()
    .commands.map((command) => command.helpInformation())
    .join('');
  expect(help).not.toMatch(/\(default: (false|\[\])\)/);
});

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

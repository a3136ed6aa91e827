import { readFileSync } from 'node:fs';
import { Command, Help } from 'commander';
import { addDemoCommand } from './demo/command.ts';
import { addDoctorCommand } from './doctor/command.ts';
import { addExplainCommand } from './explain/command.ts';
import { EXIT_MEANINGS } from './frame/exit-codes.ts';
import { addLoadCommand } from './load/command.ts';
import { addPgBouncerCommand } from './pgbouncer/command.ts';
import { addRunCommand } from './run/command.ts';
import { addSizeCommand } from './size/command.ts';
import { addWatchCommand } from './watch/command.ts';

/** In the order in which somebody whose production just failed needs them. */
const COMMANDS = [
  addDoctorCommand,
  addExplainCommand,
  addWatchCommand,
  addRunCommand,
  addSizeCommand,
  addLoadCommand,
  addPgBouncerCommand,
  addDemoCommand,
];

/** The whole command line. A command's own work is loaded when it is run. */
export function makeProgram(): Command {
  const help = new Help();
  const program = new Command('lifeguard')
    .description('Keeps services on PostgreSQL afloat when their connection pool would drown.')
    .version(version(), '-V, --version', 'display the version')
    .exitOverride()
    // `run` leaves the options of the command that it starts alone.
    .enablePositionalOptions()
    // That a flag is off unless it is given need not be said.
    .configureHelp({ optionDescription: (option) => shortened(help.optionDescription(option)) })
    .showHelpAfterError('(--help shows what there is)');
  for (const add of COMMANDS) add(program);
  const codes = Object.entries(EXIT_MEANINGS).map(
    ([code, means]) => `  ${code.padEnd(4)} ${means}`,
  );
  return program.addHelpText(
    'after',
    `\nWhen something has just failed:\n  lifeguard doctor --url "$DATABASE_URL"\n  lifeguard explain "the error’s text"\n\nExit codes:\n${codes.join('\n')}`,
  );
}

function shortened(description: string): string {
  return description.replace(/ \(default: (?:false|\[\])\)/, '');
}

function version(): string {
  return JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')).version;
}

#!/usr/bin/env node
import { Command, CommanderError } from 'commander';
import { addDemoCommand } from './demo/command.ts';
import { UserError } from './user-error.ts';

const program = new Command('lifeguard')
  .description('Keeps services on PostgreSQL afloat when their connection pool would drown.')
  .exitOverride()
  .showHelpAfterError('(--help shows what there is)');

addDemoCommand(program);

try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode;
  else if (error instanceof UserError) {
    console.error(`lifeguard: ${error.message}`);
    process.exitCode = 1;
  } else throw error;
}

import { CommanderError } from 'commander';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { UserError } from './user-error.ts';

/** Says on stderr why the command ended, and returns the exit code that belongs to it. */
export async function complain(error: unknown): Promise<ExitCode> {
  // Commander has said it already; asking for help is no error.
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
  // Loaded when needed: it is half of the start-up time otherwise.
  const { redactUrl } = await import('@lifeguard/pool');
  if (error instanceof UserError) {
    console.error(redactUrl(`lifeguard: ${error.message}`));
    if (error.details) console.error(redactUrl(`\n${error.details}`));
    return error.exitCode;
  }
  const { stack, message } = error instanceof Error ? error : new Error(String(error));
  console.error(redactUrl(`lifeguard: a defect of lifeguard itself: ${message}\n\n${stack}`));
  return EXIT.defect;
}

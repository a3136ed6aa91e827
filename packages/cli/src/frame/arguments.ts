import { type Command, InvalidArgumentError, Option } from 'commander';
import { UserError } from './user-error.ts';

/** Reads an option's number. */
export function numberFrom(lowest: number, highest: number) {
  return (text: string): number => {
    const value = Number(text);
    if (text.trim() !== '' && value >= lowest && value <= highest) return value;
    throw new InvalidArgumentError(`Give a number from ${lowest} to ${highest}.`);
  };
}

/** Reads an option's whole number. */
export function wholeFrom(lowest: number, highest: number) {
  return (text: string): number => {
    const value = Number(text);
    if (text.trim() !== '' && Number.isInteger(value) && value >= lowest && value <= highest) {
      return value;
    }
    throw new InvalidArgumentError(`Give a whole number from ${lowest} to ${highest}.`);
  };
}

/** The option by which every command is told its database. */
export function urlOption(): Option {
  return new Option('--url <url>', 'the database; default DATABASE_URL, then PGHOST, PGUSER …');
}

/** The database may stand by itself, as well as behind --url; both have to name the same one. */
export function withUrl<T extends { readonly url?: string }>(
  url: string | undefined,
  options: T,
): T {
  if (url === undefined) return options;
  if (options.url !== undefined && options.url !== url) {
    throw new UserError('the database is given twice: say it by itself, or by --url.');
  }
  return { ...options, url };
}

/** How many processes share the database. */
export function instancesOption(): Option {
  return new Option('--instances <n>', 'processes that run the application').argParser(
    wholeFrom(1, 100_000),
  );
}

/** How many cores the database has. */
export function coresOption(): Option {
  return new Option('--db-cores <n>', 'cores of the database’s machine').argParser(
    wholeFrom(1, 10_000),
  );
}

/** Every command shows how it is used. */
export function addExamples(command: Command, examples: readonly string[], notes = ''): Command {
  const lines = examples.map((example) => `  ${example}`);
  return command.addHelpText(
    'after',
    `${notes && `\n${notes.trim()}\n`}\nExamples:\n${lines.join('\n')}`,
  );
}

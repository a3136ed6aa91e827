import type { Command } from 'commander';
import { addExamples } from '../frame/arguments.ts';

export interface ExplainOptions {
  readonly file?: string;
  /** Tell every kind in full. */
  readonly all: boolean;
  readonly json: boolean;
}

export function addExplainCommand(program: Command): void {
  const command = program
    .command('explain')
    .description('What a database error means and what to do about it; also for a whole log.')
    .argument('[error...]', 'the error’s text or code')
    .option('--file <path>', 'a log, instead of standard input')
    .option('--all', 'tell every kind of error in full', false)
    .option('--json', 'print the result as JSON', false)
    .action(async (words: string[], options: ExplainOptions) => {
      const [{ runInSession }, { runExplain }] = await Promise.all([
        import('../frame/session.ts'),
        import('./run-explain.ts'),
      ]);
      await runInSession((session) => runExplain(words, options, session));
    });
  addExamples(
    command,
    [
      'lifeguard explain P2024',
      'lifeguard explain "FATAL: sorry, too many clients already"',
      'lifeguard explain --file app.log',
      'kubectl logs deploy/shop | lifeguard explain --json',
    ],
    `Reads plain logs, JSON lines and stack traces, of any size. Of what is not known here it tells the
class and never the words.`,
  );
}

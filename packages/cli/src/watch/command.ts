import type { Command } from 'commander';
import { addExamples, numberFrom, urlOption, wholeFrom, withUrl } from '../frame/arguments.ts';

export interface WatchOptions {
  readonly url?: string;
  readonly interval: number;
  readonly terminal: boolean;
  readonly dashboard: boolean;
  readonly port?: number;
  readonly once: boolean;
  readonly json: boolean;
}

export function addWatchCommand(program: Command): void {
  const command = program
    .command('watch')
    .description('Watch a database live, on a page and in the terminal, the application unchanged.')
    .argument('[url]', 'the database, the same as --url')
    .addOption(urlOption())
    .option('--interval <s>', 'seconds between two looks', numberFrom(0.5, 3_600), 2)
    .option('--terminal', 'the view in the terminal alone: the same as --no-dashboard', false)
    .option('--no-dashboard', 'serve no page')
    .option(
      '--port <n>',
      'the page’s port on 127.0.0.1 (default: 9432, or a free one)',
      wholeFrom(0, 65_535),
    )
    .option('--once', 'look once, tell, and end', false)
    .option('--json', 'each look as one line of JSON', false)
    .action(async (url: string | undefined, options: WatchOptions) => {
      const [{ runInSession }, { runWatch }] = await Promise.all([
        import('../frame/session.ts'),
        import('./run-watch.ts'),
      ]);
      await runInSession((session) => runWatch(withUrl(url, options).url, options, session));
    });
  addExamples(
    command,
    [
      'lifeguard watch',
      'lifeguard watch "$DATABASE_URL" --terminal --interval 5',
      'lifeguard watch --once',
      'lifeguard watch --json >> connections.jsonl',
    ],
    `Reads only, over one connection (lifeguard-watch in pg_stat_activity), with limits of its own. Any
user will do; what it may not see is said. In a pipe it prints a line for each look.`,
  );
}

import type { Command } from 'commander';
import { addExamples, wholeFrom } from '../frame/arguments.ts';

export interface RunOptions {
  readonly protect: boolean;
  /** 0: a free one. Undefined: the usual one, or a free one. */
  readonly port?: number;
  readonly dashboard: boolean;
  readonly keepOpen: boolean;
  readonly json: boolean;
  readonly output?: string;
}

export function addRunCommand(program: Command): void {
  const command = program
    .command('run')
    .description(
      'Start a Node.js application with Lifeguard in its pools, its code unchanged, and the dashboard beside it.',
    )
    .argument('<command...>', 'how the application is started')
    .passThroughOptions()
    .option(
      '--protect',
      'put Lifeguard’s pools into the place of pg’s (else they are only measured)',
      false,
    )
    .option(
      '--port <n>',
      'the dashboard’s port on 127.0.0.1 (default: 9432, or a free one)',
      wholeFrom(0, 65_535),
    )
    .option('--no-dashboard', 'serve no page')
    .option('--keep-open', 'serve the page on when the application has ended, until Ctrl-C', false)
    .option('--json', 'the summary as JSON, in one line, on stdout', false)
    .option('--output <file>', 'write the summary there')
    .action(async (words: string[], options: RunOptions) => {
      const [{ runInSession }, { runApplication }] = await Promise.all([
        import('../frame/session.ts'),
        import('./run-application.ts'),
      ]);
      await runInSession((session) => runApplication(words, options, session), {
        passesSignals: true,
      });
    });
  addExamples(
    command,
    [
      'lifeguard run -- node server.js',
      'lifeguard run --protect -- npm start',
      'lifeguard run --json --output run.json -- npx tsx src/server.ts',
    ],
    `Streams, signals and exit code are the application’s own; what is said to you goes to stderr. Every
Node.js process that the command starts is watched, each of its pools (pg, and with it Prisma,
Drizzle, Kysely, TypeORM …) by itself. Statements are told without parameters. The application needs
nothing installed.`,
  );
}

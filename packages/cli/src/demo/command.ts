import { type Command, Option } from 'commander';
import { addExamples, numberFrom } from '../frame/arguments.ts';
import { EXIT } from '../frame/exit-codes.ts';
import { UserError } from '../frame/user-error.ts';

/** What the user asked for. */
export interface DemoOptions {
  /** Only this incident; all when undefined. */
  readonly incident?: string;
  /** How long one round of load lasts. */
  readonly seconds: number;
  readonly json: boolean;
  /** Leave the repaired application running at the end. */
  readonly serve: boolean;
  /** Round trip in ms that is put between application and database. */
  readonly networkMs: number;
  readonly iOwnThisHost: boolean;
}

/** As the storefront has them, which is loaded only when it is run; a test keeps the two alike. */
const INCIDENTS = ['homepage', 'session', 'checkout', 'n-plus-one', 'outage'];

const DEFAULT_SECONDS = 2;
/** About what lies between two machines of one data centre, or its zones. */
const DEFAULT_NETWORK_MILLIS = 1;

/** The shop and the PostgreSQL that it brings are part of the sources, not of what is installed. */
function notInstalled(error: NodeJS.ErrnoException): never {
  if (error.code !== 'ERR_MODULE_NOT_FOUND') throw error;
  throw new UserError('the demo is run in a clone of Lifeguard’s sources', {
    details: 'In the clone:\n\n  npm ci && npm run demo',
    cause: error,
  });
}

export function addDemoCommand(program: Command): void {
  const command = program
    .command('demo')
    .description(
      'The storefront under its incidents: with Prisma’s stock pool, with Lifeguard, and repaired.',
    )
    .addOption(new Option('--incident <name>', 'run only this one').choices(INCIDENTS))
    .option('--seconds <n>', 'length of one round of load', numberFrom(1, 600), DEFAULT_SECONDS)
    .option(
      '--network-ms <n>',
      'round trip between application and database; 0 for none',
      numberFrom(0, 1_000),
      DEFAULT_NETWORK_MILLIS,
    )
    .option('--json', 'print the results as JSON', false)
    .option('--no-serve', 'end when the table is printed')
    .option('--i-own-this-host', 'allow a DATABASE_URL that leads to another machine', false)
    .action(async (options: DemoOptions) => {
      // Loaded when needed: everything else should start without a database driver.
      const { runDemo } = await import('./run-demo.ts').catch(notInstalled);
      process.exitCode = await runDemo(options, process.env);
      // A round of load ends by the clock, which nobody waits for now.
      if (process.exitCode === EXIT.interrupted) process.exit();
    });
  addExamples(
    command,
    [
      'lifeguard demo',
      'lifeguard demo --incident homepage --seconds 10',
      'lifeguard demo --json --no-serve > demo.json',
    ],
    `Without DATABASE_URL it starts a PostgreSQL of its own and removes it at the end.
With it, it works in a schema of its own on that server, and drops that at the end.`,
  );
}

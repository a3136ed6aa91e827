import { type Command, Option } from 'commander';
import {
  addExamples,
  coresOption,
  instancesOption,
  numberFrom,
  urlOption,
  wholeFrom,
  withUrl,
} from '../frame/arguments.ts';
import { FAIL_ON } from './config/settings.ts';
import { type DoctorOptions, FORMATS } from './options.ts';

export function addDoctorCommand(program: Command): void {
  const command = program
    .command('doctor')
    .description(
      'What is wrong with the database’s connections, and what to do: server and configuration.',
    )
    .argument('[url]', 'the database, the same as --url')
    .addOption(urlOption())
    .option('--env <file>', 'read variables from a .env file as well (repeatable)', append, [])
    .option('--dir <folder>', 'the application’s folder, for what is installed there', '.')
    .addOption(instancesOption())
    .option(
      '--overlap <factor>',
      'old and new instances at once in a deploy (default: 2)',
      numberFrom(1, 10),
    )
    .option(
      '--limit <n>',
      'connections of each instance’s pool, where its code sets it (default: as the URL or the pool has it)',
      wholeFrom(1, 10_000),
    )
    .addOption(coresOption())
    .option('--pooler-url <url>', 'PgBouncer’s console, where the URL’s user may not see it')
    .option('--no-server', 'look at the configuration only, connect to nothing')
    .option('--config <file>', 'rules tuned or silenced (default: lifeguard.config.json in --dir)')
    .addOption(
      new Option('--fail-on <severity>', 'exit code 1 from this on (default: critical)').choices(
        FAIL_ON,
      ),
    )
    .addOption(new Option('--format <name>', 'how to report').choices(FORMATS).default('text'))
    .option('--json', 'the same as --format json', false)
    .option('--verbose', 'tell also in full what is only worth knowing', false)
    .option('--rules', 'list all rules, with their thresholds', false)
    .option('--explain <rule>', 'tell what a rule finds and why it matters')
    .action(async (url: string | undefined, options: DoctorOptions) => {
      // Loaded when needed: help should start without a database driver.
      const [{ runInSession }, { runDoctor }] = await Promise.all([
        import('../frame/session.ts'),
        import('./run-doctor.ts'),
      ]);
      await runInSession((session) => runDoctor(withUrl(url, options), session));
    });
  addExamples(
    command,
    [
      'lifeguard doctor',
      'lifeguard doctor --url "$DATABASE_URL" --instances 4 --db-cores 8',
      'lifeguard doctor "$DATABASE_URL" --instances 3 --limit 20',
      'lifeguard doctor --env .env.production --instances 12 --overlap 1.25',
      'lifeguard doctor --format sarif --fail-on warning > doctor.sarif',
      'lifeguard doctor --explain idle-in-transaction',
    ],
    `Reads only, over one connection, in read-only transactions with limits of their own. Any user will
do; what it may not see is said. A member of pg_monitor sees everything.`,
  );
}

function append(value: string, all: readonly string[]): string[] {
  return [...all, value];
}

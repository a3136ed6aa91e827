import { type Command, Option } from 'commander';
import { addExamples, instancesOption, urlOption, wholeFrom, withUrl } from '../frame/arguments.ts';
import { UserError } from '../frame/user-error.ts';
import { addDeploymentOptions, type DeploymentOptions } from '../size/deployment-options.ts';

export interface WriteOptions extends DeploymentOptions {
  readonly url?: string;
  readonly dir: string;
  readonly force: boolean;
  readonly listenAddress: string;
  readonly listenPort: number;
  readonly authFile?: string;
  readonly json: boolean;
}

export interface CheckOptions {
  readonly url?: string;
  readonly direct?: string;
  readonly instances?: number;
  readonly json: boolean;
}

export interface StatusOptions {
  readonly url?: string;
  readonly json: boolean;
}

export function addPgBouncerCommand(program: Command): void {
  const command = program
    .command('pgbouncer')
    .description(
      'Set up a PgBouncer: write its files, check it before it goes live, see how it is.',
    )
    .argument('[url]', 'the database, the same as --url')
    .addOption(urlOption())
    .option('--dir <folder>', 'where pgbouncer.ini and userlist.txt are written', '.')
    .option('--force', 'overwrite them', false)
    .option('--listen-address <address>', 'where PgBouncer takes clients', '127.0.0.1')
    .option('--listen-port <n>', 'and on which port', wholeFrom(1, 65_535), 6432)
    .option('--auth-file <path>', 'where userlist.txt will be (default: where it is written)');
  addDeploymentOptions(command)
    .option('--json', 'print what was written as JSON', false)
    .action(async (url: string | undefined, options: WriteOptions) => {
      if (url !== undefined && /^[\w-]+$/.test(url)) {
        throw new UserError(`there is no lifeguard pgbouncer ${url}; there are check and status.`);
      }
      const [{ runInSession }, { runWrite }] = await Promise.all([
        import('../frame/session.ts'),
        import('./write/run-write.ts'),
      ]);
      await runInSession((session) => runWrite(withUrl(url, options), session));
    });
  addCheck(command);
  addStatus(command);
  addExamples(
    command,
    [
      'lifeguard pgbouncer --url "$DATABASE_URL" --instances 12 --dir /etc/pgbouncer',
      'lifeguard pgbouncer check "$POOLED_URL" --instances 12',
      'lifeguard pgbouncer status postgresql://app@127.0.0.1:6432/shop',
    ],
    `Logs in to the database once, to learn its limits and the secret by which PgBouncer can let this
user in: no password is stored. Sizes as "lifeguard size" reckons them.`,
  );
}

function addCheck(parent: Command): void {
  const command = parent
    .command('check')
    .description('What would go wrong with a PgBouncer: connects through it, and looks.')
    .argument('[url]', 'the database through PgBouncer (default: DATABASE_URL)')
    .addOption(new Option('--url <url>', 'the same').hideHelp())
    .option('--direct <url>', 'the database past it, for migrations (default: DIRECT_URL)')
    .addOption(instancesOption())
    .option('--json', 'print the checks as JSON', false)
    .action(async (url: string | undefined, options: CheckOptions) => {
      const [{ runInSession }, { runCheck }] = await Promise.all([
        import('../frame/session.ts'),
        import('./check/run-check.ts'),
      ]);
      await runInSession((session) => runCheck(withUrl(url, options).url, options, session));
    });
  addExamples(command, [
    'lifeguard pgbouncer check "$POOLED_URL" --direct "$DIRECT_URL" --instances 12',
    'lifeguard pgbouncer check --json',
  ]);
}

function addStatus(parent: Command): void {
  const command = parent
    .command('status')
    .description('Who waits in a PgBouncer, what it does, and what to do about it.')
    .argument('[url]', 'a database through it, or its console (default: DATABASE_URL)')
    .addOption(new Option('--url <url>', 'the same').hideHelp())
    .option('--json', 'print it as JSON', false)
    .action(async (url: string | undefined, options: StatusOptions) => {
      const [{ runInSession }, { runStatus }] = await Promise.all([
        import('../frame/session.ts'),
        import('./status/run-status.ts'),
      ]);
      await runInSession((session) => runStatus(withUrl(url, options).url, options, session));
    });
  addExamples(
    command,
    [
      'lifeguard pgbouncer status postgresql://app@127.0.0.1:6432/shop',
      'lifeguard pgbouncer status --json "$POOLED_URL"',
    ],
    `The user must be among PgBouncer’s stats_users or admin_users.`,
  );
}

import type { Command } from 'commander';
import { addExamples, urlOption, wholeFrom, withUrl } from '../frame/arguments.ts';
import { addDeploymentOptions, type DeploymentOptions } from './deployment-options.ts';

export interface SizeOptions extends DeploymentOptions {
  readonly url?: string;
  readonly maxConnections?: number;
  readonly reserved?: number;
  readonly others?: number;
  readonly pooler: boolean;
  readonly server: boolean;
  readonly json: boolean;
}

export function addSizeCommand(program: Command): void {
  const command = program
    .command('size')
    .description('How many connections each instance should have, with the sums, and what to set.')
    .argument('[url]', 'the database, the same as --url')
    .addOption(urlOption());
  addDeploymentOptions(command)
    .option('--max-connections <n>', 'the server’s max_connections', wholeFrom(1, 262_143))
    .option('--reserved <n>', 'connections reserved for administrators', wholeFrom(0, 262_143))
    .option('--others <n>', 'connections that other programs need', wholeFrom(0, 262_143))
    .option('--pooler', 'reckon with a PgBouncer in between', false)
    .option('--no-server', 'reckon with what is given, connect to nothing')
    .option('--json', 'print the result as JSON', false)
    .action(async (url: string | undefined, options: SizeOptions) => {
      const [{ runInSession }, { runSize }] = await Promise.all([
        import('../frame/session.ts'),
        import('./run-size.ts'),
      ]);
      await runInSession((session) => runSize(withUrl(url, options), session));
    });
  addExamples(
    command,
    [
      'lifeguard size --instances 4 --db-cores 8 --max-connections 200',
      'lifeguard size --url "$DATABASE_URL" --instances 12',
      'lifeguard size --preset serverless --instances 300 --max-connections 100',
    ],
    `With a database (--url or DATABASE_URL) it reads max_connections, what is reserved, and what others
hold; numbers that are given count before what is read. It can’t see how many cores the server has.`,
  );
}

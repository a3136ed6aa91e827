import { createRequire } from 'node:module';
import { join } from 'node:path';
import { AppFolder, type PostgresServer, startPostgres } from '@lifeguard/testkit';
import { afterAll, beforeAll } from 'vitest';

/** How `--import` names it; Node.js finds the compiled one. */
export const REGISTER = ['--import', '@lifeguard/pool/register'];

/**
 * What a pool is, by what it does: sends statements behind one another on its only connection,
 * or lets them wait for it as pg-pool does.
 */
const PROOF = `
export async function prove(pool) {
  const text = 'SELECT $1::int AS n';
  for (let i = 0; i < 4; i++) await pool.query(text, [i]);
  let together = 0;
  for (let round = 0; round < 200 && together < 2; round++) {
    const answers = [1, 2, 3].map((n) => pool.query(text, [n]));
    together = answers.length - pool.waitingCount;
    const rows = (await Promise.all(answers)).map(({ rows }) => rows[0].n);
    if (rows.join() !== '1,2,3') throw new Error('wrong answers');
  }
  const stats = pool.stats?.();
  return {
    multiplexes: together >= 2,
    measured: stats !== undefined && stats.counts.statements >= 7,
    peak: stats?.connections.peak,
  };
}
export const settings = { connectionString: process.env.DATABASE_URL, max: 1 };
/** As the last line, for what the test reads. */
export function tell(facts) {
  console.log(JSON.stringify(facts));
}
`;

/** What `prove` says of a pool of each kind. */
export const OURS = { multiplexes: true, measured: true, peak: 1 };
export const OBSERVED = { multiplexes: false, measured: true, peak: 1 };
export const PGS_OWN = { multiplexes: false, measured: false };

export interface RegisterApps {
  readonly folder: AppFolder;
  readonly server: PostgresServer;
  /**
   * Runs a program that may import `./proof.mjs`, and returns what it told.
   *
   * @throws when it failed.
   */
  told(
    app: { file: string; text: string; args?: readonly string[] },
    env?: NodeJS.ProcessEnv,
  ): Promise<{ facts: unknown; stderr: string }>;
}

/** Programs as users have them, and a server for them. */
export function useRegisterApps(): RegisterApps {
  let server: PostgresServer;
  let folder: AppFolder;

  beforeAll(async () => {
    folder = new AppFolder();
    folder.write('proof.mjs', PROOF);
    server = await startPostgres();
  });
  afterAll(async () => {
    folder?.remove();
    await server?.stop('immediate');
  });

  return {
    get folder() {
      return folder;
    },
    get server() {
      return server;
    },
    async told({ file, text, args = REGISTER }, env = {}) {
      folder.write(file, text);
      const run = await folder.run([...args, file], { DATABASE_URL: server.url(), ...env });
      const last = run.stdout.trim().split('\n').at(-1) ?? '';
      if (run.exitCode !== 0 || last === '') throw new Error(`${file}: ${JSON.stringify(run)}`);
      return { facts: JSON.parse(last), stderr: run.stderr };
    },
  };
}

/** Where a package of the repository is. */
export function packageFolder(name: string): string {
  const main = createRequire(import.meta.url).resolve(name);
  const inside = join('node_modules', ...name.split('/'));
  return join(main.slice(0, main.lastIndexOf(inside)), inside);
}

/** Puts a second copy of pg where only `packageName` finds it; returns the copy's folder. */
export function copyPg(folder: AppFolder, packageName: string): string {
  return folder.copy(packageFolder('pg'), join('node_modules', packageName, 'node_modules/pg'));
}

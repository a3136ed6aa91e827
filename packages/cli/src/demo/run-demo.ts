import { type Incident, incidents } from '@lifeguard/storefront';
import { Cleanups } from '../frame/cleanups.ts';
import { EXIT, type ExitCode } from '../frame/exit-codes.ts';
import { interrupted } from '../frame/interrupt.ts';
import { UserError } from '../frame/user-error.ts';
import { coloursOf } from '../terminal/colours.ts';
import { Progress } from '../terminal/progress.ts';
import { wrap } from '../terminal/words.ts';
import type { Application } from './application.ts';
import type { DemoOptions } from './command.ts';
import { type Comparison, comparisonInWords, describeComparison } from './comparison.ts';
import { ConnectionSampler } from './connection-sampler.ts';
import { type DemoDatabase, fill, openEmbedded, openGiven } from './database.ts';
import { checkDatabaseUrl } from './database-url.ts';
import { toJson } from './json.ts';
import { renderReport } from './report.ts';
import { type IncidentResult, runIncident } from './run-incident.ts';
import { renderTable } from './table.ts';
import { tell } from './tell.ts';

const WIDTH = 100;

/** Runs the demo and returns the exit code. Nothing is left behind, however it ends. */
export async function runDemo(options: DemoOptions, env: NodeJS.ProcessEnv): Promise<ExitCode> {
  const given = env.DATABASE_URL && checkDatabaseUrl(env.DATABASE_URL, options.iOwnThisHost);
  const cleanups = new Cleanups();
  const progress = new Progress();
  const interruption = interrupted();
  let over = false;
  const step = (text: string) => {
    if (over) throw new Error('interrupted');
    progress.show(text);
  };
  const note = (text: string) => progress.note(text);
  const compared = compare(options, given || undefined, cleanups, step, note);
  // An interruption tears down what the comparison stands on: its complaints then mean nothing.
  compared.catch(() => {});
  try {
    const outcome = await Promise.race([compared, interruption]);
    if (typeof outcome === 'string') return EXIT.interrupted;
    progress.end();
    print(outcome, options);
    if (options.serve) {
      announce(outcome.repaired);
      await interruption;
    }
    return EXIT.ok;
  } finally {
    over = true;
    progress.show('cleaning up');
    await cleanups.run();
    progress.end();
  }
}

interface Outcome {
  readonly comparison: Comparison;
  readonly results: readonly IncidentResult[];
  /** The repaired application of the last incident, still running. */
  readonly repaired: Application;
}

async function compare(
  options: DemoOptions,
  given: URL | undefined,
  cleanups: Cleanups,
  step: (text: string) => void,
  note: (text: string) => void,
): Promise<Outcome> {
  step(given ? 'connecting to DATABASE_URL' : 'starting PostgreSQL');
  const networkMs = given ? 0 : options.networkMs;
  const database: DemoDatabase = given
    ? await openGiven(given, cleanups)
    : await openEmbedded(networkMs, cleanups);
  const filled = fill(database, (table) => step(`filling the shop: ${table}`));
  // It ends at its next step, and holds locks until then that a schema cannot be dropped under.
  cleanups.add(() => filled.catch(() => {}));
  await filled;
  const sampler = new ConnectionSampler(database.adminUrl);

  const chosen = choose(options.incident, database);
  const results: IncidentResult[] = [];
  let repaired: Application | undefined;
  for (const incident of chosen) {
    await repaired?.stop();
    const run = await runIncident(incident, {
      database,
      sampler,
      cleanups,
      seconds: options.seconds,
      progress: step,
      note,
    });
    results.push(run.result);
    repaired = run.repaired;
  }
  if (!repaired) throw new Error('no incident was run');
  return { comparison: describeComparison(database, options, networkMs), results, repaired };
}

/** What stops the server is left out on one that is not the demo's. */
function choose(only: string | undefined, { outage }: DemoDatabase): readonly Incident[] {
  const wanted = incidents.filter(({ name }) => (only ?? name) === name);
  const possible = wanted.filter(({ outageSeconds }) => outage || outageSeconds === undefined);
  if (possible.length > 0) return possible;
  throw new UserError(
    `--incident ${only} stops the server, which is not done to one given in DATABASE_URL: run it without DATABASE_URL.`,
  );
}

function print({ comparison, results }: Outcome, { json }: DemoOptions): void {
  if (json) {
    console.log(toJson(comparison, results));
    return;
  }
  const colours = coloursOf(process.stdout, process.env);
  console.log(`\n${renderTable(results, colours)}\n`);
  for (const result of results) {
    console.log(`${colours.bold(result.incident.title)}\n${wrap(tell(result), WIDTH)}\n`);
    console.log(`${renderReport(result.report, WIDTH, colours)}\n`);
  }
  console.log(colours.dim(wrap(comparisonInWords(comparison), WIDTH)));
}

function announce({ origin, dashboard }: Application): void {
  const { bold } = coloursOf(process.stderr, process.env);
  const page = dashboard ? `, its dashboard at ${bold(dashboard)}` : '';
  // Not where the JSON goes.
  console.error(`\nThe repaired shop runs at ${bold(`${origin}/`)} until Ctrl-C${page}.`);
}

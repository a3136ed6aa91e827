import { incidents } from '@lifeguard/storefront';
import pc from 'picocolors';
import type { Application } from './application.ts';
import { Cleanups } from './cleanups.ts';
import type { DemoOptions } from './command.ts';
import { type Comparison, comparisonInWords, describeComparison } from './comparison.ts';
import { ConnectionSampler } from './connection-sampler.ts';
import { type DemoDatabase, fill, openEmbedded, openGiven } from './database.ts';
import { checkDatabaseUrl } from './database-url.ts';
import { interrupted } from './interrupt.ts';
import { toJson } from './json.ts';
import { Progress } from './progress.ts';
import { renderReport } from './report.ts';
import { type IncidentResult, runIncident } from './run-incident.ts';
import { renderTable } from './table.ts';
import { tell } from './tell.ts';
import { wrap } from './words.ts';

/** As a shell says of what Ctrl-C ended. */
export const INTERRUPTED = 130;
const WIDTH = 100;

/** Runs the demo and returns the exit code. Nothing is left behind, however it ends. */
export async function runDemo(options: DemoOptions, env: NodeJS.ProcessEnv): Promise<number> {
  const given = env.DATABASE_URL && checkDatabaseUrl(env.DATABASE_URL, options.iOwnThisHost);
  const cleanups = new Cleanups();
  const progress = new Progress();
  const interruption = interrupted();
  let over = false;
  const step = (text: string) => {
    if (over) throw new Error('interrupted');
    progress.show(text);
  };
  const compared = compare(options, given || undefined, cleanups, step);
  // An interruption tears down what the comparison stands on: its complaints then mean nothing.
  compared.catch(() => {});
  try {
    const outcome = await Promise.race([compared, interruption]);
    if (typeof outcome === 'string') return INTERRUPTED;
    progress.end();
    print(outcome, options);
    if (options.serve) {
      announce(outcome.repaired);
      await interruption;
    }
    return 0;
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
  const sampler = await ConnectionSampler.open(database.adminUrl);
  cleanups.add(() => sampler.close());

  const chosen = incidents.filter(({ name }) => (options.incident ?? name) === name);
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
    });
    results.push(run.result);
    repaired = run.repaired;
  }
  if (!repaired) throw new Error('no incident was run');
  return { comparison: describeComparison(database, options, networkMs), results, repaired };
}

function print({ comparison, results }: Outcome, { json }: DemoOptions): void {
  if (json) {
    console.log(toJson(comparison, results));
    return;
  }
  console.log(`\n${renderTable(results)}\n`);
  for (const result of results) {
    console.log(`${pc.bold(result.incident.title)}\n${wrap(tell(result), WIDTH)}\n`);
    console.log(`${renderReport(result.report, WIDTH)}\n`);
  }
  console.log(pc.dim(wrap(comparisonInWords(comparison), WIDTH)));
}

function announce({ origin }: Application): void {
  // Not where the JSON goes.
  console.error(`\nThe repaired shop runs at ${pc.bold(`${origin}/`)} until Ctrl-C.`);
}

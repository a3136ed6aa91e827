import { type Command, InvalidArgumentError, Option } from 'commander';
import { addExamples, numberFrom, wholeFrom } from '../frame/arguments.ts';
import type { Arrivals } from './engine/arrivals.ts';

export interface LoadOptions {
  /** Requests a second. */
  readonly rate?: number;
  readonly arrivals: Arrivals;
  readonly steps?: readonly number[];
  readonly findKnee: boolean;
  /** Workers of the closed model. */
  readonly concurrency?: number;
  /** Seconds, of each step. */
  readonly duration?: number;
  readonly warmup: number;
  readonly timeout: number;
  readonly connections?: number;
  readonly method?: string;
  readonly header: readonly string[];
  readonly body?: string;
  readonly seed: number;
  readonly insecure: boolean;
  readonly failIf: readonly string[];
  /** Its sessions are sampled; true: DATABASE_URL. */
  readonly database?: string | true;
  /** Where the application mounts its dashboard. */
  readonly monitor?: string;
  readonly iOwnThisHost: boolean;
  /** Two results to compare, instead of a load. */
  readonly compare?: readonly string[];
  /** A file for the page. */
  readonly html?: string;
  /** A file, or true for standard output. */
  readonly json: string | boolean;
}

/** As plan.ts has them, which is loaded only when it is run; a test keeps them alike. */
const HIGHEST_RATE = 20_000;
const MOST_CONNECTIONS = 10_000;
const LONGEST_SECONDS = 3_600;

export function addLoadCommand(program: Command): void {
  const collect = (text: string, before: readonly string[]) => [...before, text];
  const command = program
    .command('load')
    .description('HTTP load on your own service, and what it did to its users and its database.')
    .argument('[url]', 'what to load')
    .option('--rate <n>', 'requests a second; default 50', numberFrom(0.1, HIGHEST_RATE))
    .addOption(
      new Option('--arrivals <kind>', 'evenly spaced, or at random as people come')
        .choices(['constant', 'poisson'])
        .default('constant'),
    )
    .option('--steps <rates>', 'several rates, one after the other: 100,200,400', readRates)
    .option('--find-knee', 'search for the highest rate that is held', false)
    .option(
      '-c, --concurrency <n>',
      'instead of a rate: workers that wait for their answers',
      wholeFrom(1, MOST_CONNECTIONS),
    )
    .option(
      '--duration <s>',
      'of each step; default 10, in a search 5',
      numberFrom(0.1, LONGEST_SECONDS),
    )
    .option('--warmup <s>', 'before it, not counted', numberFrom(0, LONGEST_SECONDS), 2)
    .option('--timeout <s>', 'from the intended start', numberFrom(0.01, 600), 10)
    .option(
      '--connections <n>',
      'most at once; default 1000, with -c as many as workers',
      wholeFrom(1, MOST_CONNECTIONS),
    )
    .option('--method <name>', 'default GET, with a body POST')
    .option('-H, --header <line>', '"Name: value"; repeatable', collect, [])
    .option('--body <text>', 'or @file')
    .option('--database [url]', 'sample its sessions meanwhile; default DATABASE_URL')
    .option('--monitor <url>', 'the application’s dashboard: sample its pool meanwhile')
    .option('--seed <n>', 'of random arrivals', wholeFrom(0, 2 ** 31), 1)
    .option('--insecure', 'take any certificate', false)
    .option('--fail-if <rule>', 'exit code 1 if, as p99>200ms; repeatable', collect, [])
    .option('--i-own-this-host', 'load a host that is not this machine', false)
    .option('--compare <results...>', 'two results of --json, instead of a load')
    .option('--html <file>', 'the report as one page with charts')
    .option('--json [file]', 'print the result as JSON, or keep it in a file', false)
    .action(async (argument: string | undefined, given: LoadOptions) => {
      const { url, options } = withoutSwallowed(argument, given);
      const { runInSession } = await import('../frame/session.ts');
      if (options.compare) {
        const { runCompare } = await import('./run-compare.ts');
        const files = options.compare;
        await runInSession((session) => runCompare(files, options, session));
        return;
      }
      const { runLoad } = await import('./run-load.ts');
      await runInSession((session) => runLoad(url, options, session), { finishes: true });
    });
  addExamples(
    command,
    [
      'lifeguard load http://127.0.0.1:3000/api/home --rate 400',
      'lifeguard load :3000/api/home --steps 100,200,400,800 --duration 20',
      'lifeguard load :3000/api/home --rate 200 --database --monitor :3000/lifeguard --html load.html',
      'lifeguard load :3000/api/home --find-knee --fail-if "p99>250ms" --fail-if "knee<300/s"',
      'lifeguard load --compare before.json after.json',
      'lifeguard load :3000/orders -c 20 --body @order.json -H "Authorization: Bearer …"',
    ],
    `At a rate (open model) requests come at their own times, however slow the answers are, and a wait
counts from the intended start. Redirects are not followed. Ctrl-C ends early and reports what
was measured.`,
  );
}

/** An option that may stand without a value takes the URL for one where that follows it. */
function withoutSwallowed(
  argument: string | undefined,
  options: LoadOptions,
): { url: string | undefined; options: LoadOptions } {
  const { database } = options;
  if (argument !== undefined || options.compare) return { url: argument, options };
  if (typeof database === 'string' && !/^postgres(ql)?:/.test(database)) {
    return { url: database, options: { ...options, database: true } };
  }
  if (typeof options.json === 'string') {
    return { url: options.json, options: { ...options, json: true } };
  }
  return { url: undefined, options };
}

function readRates(text: string): number[] {
  const read = numberFrom(0.1, HIGHEST_RATE);
  const rates = text.split(',').map((one) => read(one));
  if (rates.some((rate, i) => i > 0 && rate <= (rates[i - 1] ?? 0))) {
    throw new InvalidArgumentError('Give rates that rise: 100,200,400.');
  }
  return rates;
}

import { type Command, InvalidArgumentError, Option } from 'commander';
import { addExamples, numberFrom, wholeFrom } from '../frame/arguments.ts';
import type { Arrivals } from './plan/arrivals.ts';

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
  readonly iOwnThisHost: boolean;
  readonly json: boolean;
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
    .option('--seed <n>', 'of random arrivals', wholeFrom(0, 2 ** 31), 1)
    .option('--insecure', 'take any certificate', false)
    .option('--fail-if <rule>', 'exit code 1 if, as p99>200ms; repeatable', collect, [])
    .option('--i-own-this-host', 'load a host that is not this machine', false)
    .option('--json', 'print the result as JSON', false)
    .action(async (url: string | undefined, options: LoadOptions) => {
      const [{ runInSession }, { runLoad }] = await Promise.all([
        import('../frame/session.ts'),
        import('./run-load.ts'),
      ]);
      await runInSession((session) => runLoad(url, options, session), { finishes: true });
    });
  addExamples(
    command,
    [
      'lifeguard load http://127.0.0.1:3000/api/home --rate 400',
      'lifeguard load :3000/api/home --steps 100,200,400,800 --duration 20',
      'lifeguard load :3000/api/home --find-knee --fail-if "p99>250ms" --fail-if "knee<300/s"',
      'lifeguard load :3000/orders -c 20 --body @order.json -H "Authorization: Bearer …"',
    ],
    `At a rate (open model) requests come at their own times, however slow the answers are, and a wait
counts from the intended start. Redirects are not followed. Ctrl-C ends early and reports what
was measured.`,
  );
}

function readRates(text: string): number[] {
  const read = numberFrom(0.1, HIGHEST_RATE);
  const rates = text.split(',').map((one) => read(one));
  if (rates.some((rate, i) => i > 0 && rate <= (rates[i - 1] ?? 0))) {
    throw new InvalidArgumentError('Give rates that rise: 100,200,400.');
  }
  return rates;
}

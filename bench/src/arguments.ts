import { parseArgs } from 'node:util';
import type { Case } from './cases/case.ts';
import { caseNamed, cases } from './cases/index.ts';

/** What the user asked for. */
export interface BenchOptions {
  readonly cases: readonly Case[];
  readonly rounds: number;
  /** Of one measurement, without its warm-up. */
  readonly seconds: number;
  /** Where the results go for programs. */
  readonly json: string | undefined;
  /** Where CPU profiles of all measurements go. */
  readonly profile: string | undefined;
  readonly list: boolean;
  readonly help: boolean;
}

export const USAGE = `npm run bench -- [NAME …] [options]

  NAME             only these cases; all when none is named
  --rounds N       how often each peer is measured; the table shows medians (3)
  --seconds N      length of one measurement, after a warm-up (3)
  --json FILE      writes the results for programs
  --profile FOLDER writes a CPU profile of every measurement; figures are then lower
  --list           shows the cases
  --help           shows this`;

/** @throws with one line that names what can't be read. */
export function readArguments(args: readonly string[]): BenchOptions {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      rounds: { type: 'string', default: '3' },
      seconds: { type: 'string', default: '3' },
      json: { type: 'string' },
      profile: { type: 'string' },
      list: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  const rounds = numberFrom('--rounds', values.rounds, 1);
  if (!Number.isInteger(rounds)) throw new Error('--rounds takes a whole number');
  return {
    cases: positionals.length > 0 ? [...new Set(positionals)].map(caseNamed) : cases,
    rounds,
    seconds: numberFrom('--seconds', values.seconds, 0.1),
    json: values.json,
    profile: values.profile,
    list: values.list,
    help: values.help,
  };
}

function numberFrom(option: string, text: string, lowest: number): number {
  const value = Number(text);
  if (text.trim() !== '' && value >= lowest && value <= 1_000) return value;
  throw new Error(`${option} takes a number from ${lowest} to 1000, not '${text}'`);
}

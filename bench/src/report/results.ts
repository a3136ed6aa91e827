import type { Case, Figure, Values } from '../cases/case.ts';
import type { Machine } from '../machine.ts';
import { type GoalResult, judgeGoals } from './goals.ts';

/** One peer in one case. */
export interface PeerResult {
  readonly peer: string;
  /** What each round measured. */
  readonly rounds: readonly Values[];
  readonly median: Values;
  readonly lowest: Values;
  readonly highest: Values;
  /** Rounds that came to nothing, and why. */
  readonly errors: readonly string[];
}

export interface CaseResult {
  readonly name: string;
  readonly title: string;
  readonly figures: readonly Figure[];
  readonly peers: readonly PeerResult[];
  /** For scale; it has those of the figures that it measures. */
  readonly reference?: PeerResult;
  readonly goals: readonly GoalResult[];
}

/** A whole run, as its JSON holds it. */
export interface BenchResults {
  /** Raised when a field changes its meaning or goes. */
  readonly version: 1;
  readonly startedAt: string;
  readonly machine: Machine;
  readonly rounds: number;
  readonly seconds: number;
  readonly cases: readonly CaseResult[];
}

/** What the rounds of one peer gave. */
export interface Rounds {
  readonly values: Values[];
  readonly errors: string[];
}

export function caseResult(
  one: Case,
  rounds: ReadonlyMap<string, Rounds>,
  ofReference?: Rounds,
): CaseResult {
  const peers = one.peers.map((peer) => peerResult(peer, one.figures, rounds.get(peer)));
  return {
    name: one.name,
    title: one.title,
    figures: one.figures,
    peers,
    ...(one.reference && {
      reference: peerResult(
        one.reference.name,
        one.figures.filter(({ name }) => ofReference?.values.some((values) => name in values)),
        ofReference,
      ),
    }),
    goals: judgeGoals(one.goals, one.figures, peers),
  };
}

function peerResult(
  peer: string,
  figures: readonly Figure[],
  { values, errors }: Rounds = { values: [], errors: ['not measured'] },
): PeerResult {
  const over = (pick: (sorted: readonly number[]) => number): Values =>
    values.length === 0
      ? {}
      : Object.fromEntries(
          figures.map(({ name }) => [
            name,
            pick(values.map((one) => one[name] ?? Number.NaN).sort((a, b) => a - b)),
          ]),
        );
  return {
    peer,
    rounds: values,
    median: over(medianOf),
    lowest: over((sorted) => sorted[0] ?? Number.NaN),
    highest: over((sorted) => sorted.at(-1) ?? Number.NaN),
    errors,
  };
}

/** Of an even number the mean of the two in the middle. */
export function medianOf(sorted: readonly number[]): number {
  const half = (sorted.length - 1) / 2;
  const [below, above] = [sorted[Math.floor(half)], sorted[Math.ceil(half)]];
  if (below === undefined || above === undefined) return Number.NaN;
  return (below + above) / 2;
}

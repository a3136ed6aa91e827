import { UserError } from '../../frame/user-error.ts';
import type { Phase, ThresholdResult, Waits } from '../result/result.ts';

type Metric = keyof Waits | 'errors' | 'served' | 'knee';

/** What must not be, such as `p99>200ms`. */
export interface Threshold {
  readonly text: string;
  readonly metric: Metric;
  readonly isAbove: boolean;
  readonly bound: number;
  readonly unit: 'ms' | '%' | '/s';
}

const WAITS: Readonly<Record<string, keyof Waits>> = {
  p50: 'p50',
  p75: 'p75',
  p90: 'p90',
  p95: 'p95',
  p99: 'p99',
  'p99.9': 'p999',
  max: 'max',
  mean: 'mean',
};
const GRAMMAR = /^\s*(p\d+(?:\.\d+)?|[a-z]+)\s*([<>])\s*(\d+(?:\.\d+)?)\s*(ms|s|%|\/s)\s*$/;
const HOW =
  'write p50, p75, p90, p95, p99, p99.9, max or mean with ms or s (p99>200ms), errors with % (errors>1%), served or knee with /s (served<300/s)';

/** @throws {UserError} that names the text and says how it is written. */
export function readThreshold(text: string): Threshold {
  const [, name = '', sign, figure, given = ''] = GRAMMAR.exec(text) ?? [];
  const wrong = () => new UserError(`--fail-if ${text}: ${HOW}.`);
  const wait = WAITS[name];
  const expected = wait ? ['ms', 's'] : name === 'errors' ? ['%'] : ['/s'];
  if (!wait && name !== 'errors' && name !== 'served' && name !== 'knee') throw wrong();
  if (!expected.includes(given)) throw wrong();
  return {
    text: text.replace(/\s+/g, ''),
    metric: wait ?? (name as Metric),
    isAbove: sign === '>',
    bound: Number(figure) * (given === 's' ? 1_000 : 1),
    unit: given === 's' ? 'ms' : (given as Threshold['unit']),
  };
}

/** Of a phase; null where it says nothing of that. */
export function measuredOf({ metric }: Threshold, phase: Phase): number | null {
  const over = phase.offered - phase.unfinished;
  if (metric === 'knee') return null;
  if (metric === 'errors') return over === 0 ? null : (100 * phase.failed) / over;
  if (metric === 'served') return phase.servedPerSecond;
  return phase.served === 0 ? null : phase.latency[metric];
}

export function isCrossed({ isAbove, bound }: Threshold, value: number | null): boolean {
  return value !== null && (isAbove ? value > bound : value < bound);
}

/**
 * Each threshold over all phases: the worst value counts. In a search for the knee what is not `knee` says only
 * which rates were held.
 */
export function checkThresholds(
  thresholds: readonly Threshold[],
  phases: readonly Phase[],
  knee: { readonly held: number | null } | null,
): ThresholdResult[] {
  return thresholds.map((one) => {
    const values =
      one.metric === 'knee'
        ? [knee?.held ?? 0]
        : phases.map((phase) => measuredOf(one, phase)).filter((value) => value !== null);
    const actual =
      values.length === 0 ? null : one.isAbove ? Math.max(...values) : Math.min(...values);
    const decides = knee === null || one.metric === 'knee';
    return { text: one.text, actual, crossed: decides && isCrossed(one, actual) };
  });
}

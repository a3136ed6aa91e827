import type { Judgement, Phase, Waits } from '../result/result.ts';
import { isCrossed, measuredOf, type Threshold } from './thresholds.ts';

/** Of the requests that were wanted, besides those that came too late in the step to be served within it. */
const SERVED_AT_LEAST = 0.95;
const FAILED_AT_MOST = 0.01;
/** A queue that grows shows here first: so many times the 99th percentile of the lightest step … */
const SLOWER_AT_MOST = 10;
/** … which may be too short to be told from noise. */
const NOT_SLOW_MILLIS = 100;

/** From here on, and where it is half of all waiting, it is we who are slow. */
const LATE_MILLIS = 50;

/**
 * Whether a step was held: at most 1 % failed, 95 % were served while it lasted, and p99 is within ten times that
 * of the lightest step. Thresholds that are given replace the last and are added to the others. Pure.
 */
export function judge(
  phase: Phase,
  lightest: Waits,
  thresholds: readonly Threshold[] = [],
): Judgement {
  const because = reason(phase, lightest, thresholds);
  return { held: because === null, because };
}

function reason(
  phase: Phase,
  lightest: Waits,
  thresholds: readonly Threshold[],
): Judgement['because'] {
  const over = phase.offered - phase.unfinished;
  if (phase.failed > over * FAILED_AT_MOST) return 'errors';
  if (isLateItself(phase)) return 'ourselves';
  if (fallsBehind(phase)) return 'behind';
  if (thresholds.some((one) => isCrossed(one, measuredOf(one, phase)))) return 'threshold';
  const bound = Math.max(NOT_SLOW_MILLIS, lightest.p99 * SLOWER_AT_MOST);
  return thresholds.every(({ unit }) => unit !== 'ms') && phase.latency.p99 > bound ? 'slow' : null;
}

function isLateItself({ rate, lateness, latency }: Phase): boolean {
  return rate !== null && lateness.p99 >= LATE_MILLIS && lateness.p99 * 2 >= latency.p99;
}

/** Not even the quickest answer comes to those who ask in the last moment. */
function fallsBehind({ rate, offered, unfinished, seconds, servedPerSecond, curves }: Phase) {
  if (rate === null || seconds === 0) return false;
  const [, quickestMillis = 0] = curves.latency[0] ?? [];
  const inTime = 1 - Math.min(1, quickestMillis / 1_000 / seconds);
  return servedPerSecond * seconds < SERVED_AT_LEAST * inTime * (offered - unfinished);
}

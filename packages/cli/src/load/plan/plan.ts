import { UserError } from '../../frame/user-error.ts';
import type { LoadOptions } from '../command.ts';
import type { Arrivals } from '../engine/arrivals.ts';
import type { PhaseSettings } from '../result/result.ts';
import { readThreshold, type Threshold } from './thresholds.ts';

/** Bounds of what one process can do, and of what a mistyped zero may do. */
export const HIGHEST_RATE = 20_000;
export const MOST_CONNECTIONS = 10_000;
const MOST_STEPS = 50;
/** Each that waits takes about 2 KB. */
const MOST_IN_FLIGHT = 50_000;
const DEFAULT_RATE = 50;
const DEFAULT_CONNECTIONS = 1_000;
/** A search tries about ten rates. */
const DEFAULT_SECONDS = 10;
const DEFAULT_SECONDS_OF_SEARCH = 5;

/** What is to be done, all defaults filled in. */
export interface LoadPlan {
  readonly model: 'open' | 'closed';
  readonly arrivals: Arrivals;
  readonly steps: readonly PhaseSettings[];
  /** In place of the steps. */
  readonly knee: { readonly first: number; readonly most: number } | undefined;
  /** Of a step of the search. */
  readonly seconds: number;
  readonly warmupSeconds: number;
  readonly timeoutMillis: number;
  readonly connections: number;
  readonly maxInFlight: number;
  readonly seed: number;
  readonly thresholds: readonly Threshold[];
}

/** @throws {UserError} for options that exclude each other, or make no sense. */
export function planOf(options: LoadOptions): LoadPlan {
  const { concurrency, rate, steps: rates, findKnee } = options;
  const models = [concurrency && '-c', rates && '--steps', findKnee && '--find-knee'].filter(
    Boolean,
  );
  if (models.length > 1)
    throw new UserError(`${models.join(' and ')} are different loads: say one.`);
  if (rate !== undefined && (concurrency || rates)) {
    throw new UserError(
      concurrency
        ? '--rate and -c are different loads: at a rate requests come however slow the answers are, workers wait for them.'
        : '--rate and --steps both say how fast: say one.',
    );
  }
  if (rates && rates.length > MOST_STEPS) throw new UserError(`--steps: at most ${MOST_STEPS}.`);
  const seconds = options.duration ?? (findKnee ? DEFAULT_SECONDS_OF_SEARCH : DEFAULT_SECONDS);
  const thresholds = options.failIf.flatMap((text) => text.split(',')).map(readThreshold);
  if (!findKnee && thresholds.some(({ metric }) => metric === 'knee')) {
    throw new UserError('--fail-if knee… goes with --find-knee.');
  }
  const phase = (one: number): PhaseSettings => ({ rate: one, workers: null, seconds });
  return {
    model: concurrency ? 'closed' : 'open',
    arrivals: options.arrivals,
    steps: concurrency
      ? [{ rate: null, workers: concurrency, seconds }]
      : (rates ?? [rate ?? DEFAULT_RATE]).map(phase),
    knee: findKnee ? { first: rate ?? DEFAULT_RATE, most: HIGHEST_RATE } : undefined,
    seconds,
    warmupSeconds: options.warmup,
    timeoutMillis: options.timeout * 1_000,
    connections: options.connections ?? concurrency ?? DEFAULT_CONNECTIONS,
    maxInFlight: MOST_IN_FLIGHT,
    seed: options.seed,
    thresholds,
  };
}

import type { Clock } from './engine/clock.ts';
import { generateClosed, generateOpen } from './engine/generate.ts';
import { Recorder } from './engine/recorder.ts';
import type { Send } from './engine/request.ts';
import { judge } from './plan/judge.ts';
import { nextRate } from './plan/knee.ts';
import type { LoadPlan } from './plan/plan.ts';
import type { Judgement, Phase, PhaseSettings, Timeline } from './result/result.ts';

export interface PhasesResult {
  readonly phases: readonly (Phase & Judgement)[];
  readonly timeline: Timeline;
  /** Of the phase in which this process had most to do: the share of time in which it did something, 0 to 1. */
  readonly busy: number;
}

export interface PhasesOptions {
  readonly plan: LoadPlan;
  readonly send: Send;
  readonly clock: Clock;
  /** Ends the load early; what was measured until then is told. */
  readonly signal: AbortSignal;
  /** Told when counting begins. */
  readonly onBegin?: () => void;
  /** Told of each phase when it begins, with what can be watched. */
  readonly onPhase?: (settings: PhaseSettings, recorder: Recorder) => void;
}

/**
 * Runs the phases of a load one after the other. Before the next begins all of the last have ended: what one rate
 * left behind is not counted for another.
 */
export async function runPhases(options: PhasesOptions): Promise<PhasesResult> {
  const { plan, send, clock, signal, onBegin, onPhase } = options;
  const { timeoutMillis, maxInFlight } = plan;
  const recorder = new Recorder({ clock, send, timeoutMillis, maxInFlight });
  const phases: (Phase & Judgement)[] = [];
  let busy = 0;
  let seed = plan.seed;
  const generate = ({ rate, workers, seconds }: PhaseSettings) =>
    rate === null
      ? generateClosed(recorder, clock, { workers: workers ?? 1, millis: seconds * 1_000 }, signal)
      : generateOpen(
          recorder,
          clock,
          {
            ratePerSecond: rate,
            arrivals: plan.arrivals,
            millis: seconds * 1_000,
            seed: seed++,
          },
          signal,
        );
  try {
    const first = nextPhase(plan, phases);
    if (first && plan.warmupSeconds > 0) {
      onPhase?.({ ...first, seconds: plan.warmupSeconds }, recorder);
      await generate({ ...first, seconds: plan.warmupSeconds });
    }
    for (let next = first; next && !signal.aborted; next = nextPhase(plan, phases)) {
      const tally = recorder.beginPhase(next);
      if (phases.length === 0) onBegin?.();
      onPhase?.(next, recorder);
      const before = performance.eventLoopUtilization();
      await generate(next);
      busy = Math.max(busy, performance.eventLoopUtilization(before).utilization);
      tally.end(clock.now());
      await recorder.drain(signal);
      if (signal.aborted) recorder.stop();
      const phase = tally.result(recorder.origin);
      const lightest = (phases[0] ?? phase).latency;
      phases.push({ ...phase, ...judge(phase, lightest, plan.thresholds) });
    }
  } finally {
    recorder.stop();
  }
  return { phases, timeline: recorder.timeline?.result() ?? EMPTY, busy };
}

/** What comes after those: the next of the steps, or of the search. */
function nextPhase(
  { steps, knee, seconds }: LoadPlan,
  phases: readonly (Phase & Judgement)[],
): PhaseSettings | undefined {
  if (!knee) return steps[phases.length];
  const tried = phases.map(({ rate, held }) => ({ rate: rate ?? 0, held }));
  const rate = nextRate(tried, knee);
  return rate === undefined ? undefined : { rate, workers: null, seconds };
}

const EMPTY: Timeline = {
  offered: [],
  served: [],
  failed: [],
  inFlight: [],
  p50: [],
  p99: [],
  waitingP99: [],
  failures: {},
};

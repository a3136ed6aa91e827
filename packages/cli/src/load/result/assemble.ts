import { millis, plural, share } from '../../terminal/words.ts';
import type { Failure } from '../engine/request.ts';
import { kneeOf } from '../plan/knee.ts';
import type { LoadPlan } from '../plan/plan.ts';
import { checkThresholds } from '../plan/thresholds.ts';
import type { PhasesResult } from '../run-phases.ts';
import type { DatabaseSamples, FailureKind, LoadResult, MonitorSamples, Phase } from './result.ts';
import { verdictOf } from './verdict.ts';

interface Measured extends PhasesResult {
  readonly plan: LoadPlan;
  readonly target: LoadResult['target'];
  readonly startedAt: Date;
  readonly interrupted: boolean;
  /** One of each kind. */
  readonly failures: ReadonlyMap<string, Failure>;
  readonly redirectedTo?: string | undefined;
  readonly database?: DatabaseSamples | null;
  readonly monitor?: MonitorSamples | null;
}

/** From here on our own lateness is a part of the figures that has to be said. */
const LATE_FROM_MILLIS = 20;
/** From here on a closed load may have found our own highest throughput. */
const BUSY_FROM = 0.9;

/** The whole result, from what was measured. Pure. */
export function assemble(measured: Measured): LoadResult {
  const { plan, phases, timeline, target, startedAt, interrupted } = measured;
  const { database = null, monitor = null } = measured;
  const failures = failureKinds(phases, measured.failures);
  const tried = phases.map(({ rate, held }) => ({ rate: rate ?? 0, held }));
  const knee = plan.knee ? kneeOf(tried) : null;
  return {
    target,
    settings: {
      model: plan.model,
      arrivals: plan.model === 'open' ? plan.arrivals : null,
      connections: plan.connections,
      timeoutSeconds: plan.timeoutMillis / 1_000,
      warmupSeconds: plan.warmupSeconds,
      findsKnee: plan.knee !== undefined,
    },
    startedAt: startedAt.toISOString(),
    interrupted,
    verdict: verdictOf({ phases, failures, knee, timeline, database, monitor }),
    notes: notesOf(measured),
    knee,
    phases,
    failures,
    thresholds: checkThresholds(plan.thresholds, phases, knee),
    timeline,
    database,
    monitor,
  };
}

/** All failures by kind, the most frequent first. */
function failureKinds(phases: readonly Phase[], seen: ReadonlyMap<string, Failure>): FailureKind[] {
  const counts = new Map<string, number>();
  for (const [kind, count] of phases.flatMap(({ errors }) => Object.entries(errors))) {
    counts.set(kind, (counts.get(kind) ?? 0) + count);
  }
  return [...counts]
    .sort(([, a], [, b]) => b - a)
    .map(([kind, count]) => {
      const { status, code, title } = seen.get(kind) ?? {};
      return { kind, count, status: status ?? null, code: code ?? null, title: title ?? null };
    });
}

function notesOf({
  plan,
  phases,
  timeline,
  redirectedTo,
  interrupted,
  ...rest
}: Measured): string[] {
  const notes: string[] = [];
  if (interrupted) notes.push('It was interrupted: the figures are of what was done until then.');
  const late = Math.max(0, ...phases.map(({ lateness }) => lateness.p99));
  if (plan.model === 'open' && late >= LATE_FROM_MILLIS) {
    notes.push(
      `This process could not keep the pace: one request in a hundred was begun ${millis(late)} late or more. That is in “waiting”, and none of the service’s doing; a lower rate, or a machine of its own, measures better.`,
    );
  }
  if (plan.model === 'closed' && rest.busy >= BUSY_FROM) {
    notes.push(
      `This process was busy ${share(rest.busy, 1)} of the time: it may be what could do no more, not the service. A tool with several processes (wrk, autocannon --workers) tells.`,
    );
  }
  const waited = Math.max(0, ...phases.map(({ waiting }) => waiting.p99));
  if (plan.model === 'open' && Math.max(0, ...timeline.inFlight) >= plan.connections) {
    notes.push(
      `All of our ${plural(plan.connections, 'connection')} were taken at times, and requests waited for one, up to ${millis(waited)} (p99): --connections allows more.`,
    );
  }
  const answers = phases.flatMap(({ statuses }) => Object.entries(statuses));
  const redirects = answers.reduce((sum, [status, n]) => sum + (status.startsWith('3') ? n : 0), 0);
  if (redirects > 0) {
    const all = answers.reduce((sum, [, count]) => sum + count, 0);
    notes.push(
      `${share(redirects, all)} of the answers were redirects${redirectedTo ? ` (to ${pathOf(redirectedTo)})` : ''}; they count as served and are not followed.`,
    );
  }
  for (const problem of Object.keys(rest.database?.problems ?? {})) {
    notes.push(`The database could not be looked at all the time: ${problem}.`);
  }
  if (rest.monitor?.problem) {
    notes.push(`The monitor could not be looked at all the time: ${rest.monitor.problem}.`);
  }
  return notes;
}

/** Without its parameters, which are often one-time secrets. */
function pathOf(location: string): string {
  return location.replace(/[?#].*$/s, '').slice(0, 200);
}

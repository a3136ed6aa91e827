import { grouped, lowerFirst, millis, plural, share, upperFirst } from '../../terminal/words.ts';
import { causeOf, namedBy } from './cause.ts';
import type {
  DatabaseSamples,
  FailureKind,
  Judgement,
  Knee,
  MonitorSamples,
  Phase,
  Timeline,
} from './result.ts';

export interface Evidence {
  readonly phases: readonly (Phase & Judgement)[];
  readonly failures: readonly FailureKind[];
  readonly knee: Knee | null;
  readonly timeline: Pick<Timeline, 'offered' | 'served' | 'failed'>;
  readonly database: DatabaseSamples | null;
  readonly monitor: MonitorSamples | null;
}

/** What happened, in a sentence or two that somebody may repeat to a colleague. Pure. */
export function verdictOf(evidence: Evidence): string {
  const { phases } = evidence;
  if (phases.every(({ offered }) => offered === 0)) return 'No request was made.';
  if (phases.every(({ served }) => served === 0)) return nothingServed(evidence);
  return `${heldOrLost(evidence)}${stallWords(evidence)}`;
}

function heldOrLost(evidence: Evidence): string {
  const { phases, knee } = evidence;
  const lost = worstLost(phases, knee);
  const held = phases
    .filter((phase) => phase.held && (!lost?.rate || (phase.rate ?? 0) < lost.rate))
    .at(-1);
  const best = knee?.held
    ? (phases.find(({ rate, held: ok }) => ok && rate === knee.held) ?? held)
    : held;
  if (!lost) return best ? `${heldWords(best)}${beyond(knee)}.` : 'No request was made.';
  const isOurs = lost.because === 'ourselves';
  const why = isOurs ? undefined : causeOf(lost, evidence);
  const named = isOurs ? '' : namedBy(evidence.monitor);
  const fell = `${lostWords(lost, evidence)}${why ? `: ${why}` : ''}.${named}`;
  return best ? `${heldWords(best)}; ${fell}` : `${upperFirst(fell)}`;
}

function nothingServed({ failures }: Evidence): string {
  const [first] = failures;
  return first === undefined
    ? 'No request was answered before the load was interrupted.'
    : `Not one request was served: ${share(first.count, sum(failures))} failed with ${nameOf(first)}.`;
}

/** With fewer requests a second, or answers slower than that, a second without an answer is nothing special. */
const STALL_OFFERED = 10;
const STALL_P50_MILLIS = 250;

/** Nothing came back for a while, though most answers are quick: percentiles alone don't say that. */
function stallWords({ phases, timeline: { offered, served, failed } }: Evidence): string {
  if (phases.some(({ latency }) => latency.p50 > STALL_P50_MILLIS)) return '';
  // Workers who wait want nothing; the last second may be a part of one.
  const isClosed = phases.every(({ rate }) => rate === null);
  let longest = 0;
  let end = 0;
  let run = 0;
  for (const [second, wanted] of offered.entries()) {
    const isWanted = isClosed ? second < offered.length - 1 : wanted >= STALL_OFFERED;
    const isStill = isWanted && !served[second] && !failed[second];
    run = isStill ? run + 1 : 0;
    if (run > longest) [longest, end] = [run, second + 1];
  }
  if (longest === 0) return '';
  return ` From second ${end - longest} to ${end} nothing was answered.`;
}

/** Of a search the lowest rate that was lost; of steps too: what comes above it is no news. */
function worstLost(
  phases: readonly (Phase & Judgement)[],
  knee: Knee | null,
): (Phase & Judgement) | undefined {
  const lost = phases.filter(({ held }) => !held);
  if (knee) return lost.find(({ rate }) => rate === knee.lost);
  // Of those steps that were lost the one that shows it best.
  return lost.reduce<(Phase & Judgement) | undefined>(
    (worst, one) => (worst && failedShare(worst) >= failedShare(one) ? worst : one),
    undefined,
  );
}

function heldWords(phase: Phase): string {
  const { failed, offered } = phase;
  const errors = failed === 0 ? 'no errors' : `${share(failed, offered)} failed`;
  const p99 = `p99 ${millis(phase.latency.p99)}`;
  return phase.rate === null
    ? `${plural(phase.workers ?? 0, 'worker')} got ${perSecond(phase.servedPerSecond)} with ${p99} and ${errors}`
    : `Held ${perSecond(phase.rate)} with ${p99} and ${errors}`;
}

function beyond(knee: Knee | null): string {
  return knee ? ', the highest rate that was tried' : '';
}

function lostWords(phase: Phase & Judgement, { failures }: Evidence): string {
  const at =
    phase.rate === null ? `${plural(phase.workers ?? 0, 'worker')}` : perSecond(phase.rate);
  const p99 = `p99 was ${millis(phase.latency.p99)}`;
  const served = perSecond(phase.servedPerSecond);
  const failed = `${share(phase.failed, phase.offered)} failed${withWhat(phase, failures)}`;
  switch (phase.because) {
    case 'errors':
      return phase.rate === null
        ? `${at} got ${served}, ${failed}`
        : `at ${at} it fell to ${served} served, ${failed}`;
    case 'ourselves':
      return `at ${at} this process itself could not keep the pace (it was up to ${millis(phase.lateness.p99)} late, p99), which says nothing of the service`;
    case 'behind':
      return `at ${at} only ${served} were served in time and ${p99}`;
    default:
      return phase.rate === null
        ? `${at} got ${served}, and ${p99}`
        : `at ${at} it served ${served}, and ${p99}`;
  }
}

function withWhat({ errors, failed }: Phase, failures: readonly FailureKind[]): string {
  const [first] = Object.entries(errors).sort(([, a], [, b]) => b - a);
  const known = first && failures.find(({ kind }) => kind === first[0]);
  if (!known) return '';
  if (first[1] === failed) return ` with ${nameOf(known)}`;
  return first[1] * 2 > failed
    ? `, most with ${nameOf(known)}`
    : ` in ${Object.keys(errors).length} ways, foremost with ${nameOf(known)}`;
}

/** `P2024`, `status 500`, `a timeout`: as one says it in a sentence. */
function nameOf({ kind, code, status, title }: FailureKind): string {
  if (code !== null) return code;
  if (status !== null) return `status ${status}${title ? ` (${lowerFirst(title)})` : ''}`;
  return SAID[kind] ?? kind;
}

const SAID: Readonly<Record<string, string>> = {
  timeout: 'a time-out',
  refused: 'a refused connection',
  reset: 'a lost connection',
  'no HTTP': 'an answer that is no HTTP',
  'no TLS': 'no TLS spoken there',
  'not started': 'no room to start them',
};

function failedShare({ failed, offered }: Phase): number {
  return offered === 0 ? 0 : failed / offered;
}

function sum(failures: readonly FailureKind[]): number {
  return failures.reduce((total, { count }) => total + count, 0);
}

/** `400/s`, `2.5/s`. */
export function perSecond(rate: number): string {
  return rate >= 10 || Number.isInteger(rate) ? `${grouped(rate)}/s` : `${rate.toFixed(1)}/s`;
}

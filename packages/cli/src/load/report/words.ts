import { grouped, millis, plural } from '../../terminal/words.ts';
import type {
  FailureKind,
  Judgement,
  LoadResult,
  Phase,
  ThresholdResult,
} from '../result/result.ts';
import { perSecond } from '../result/verdict.ts';

/** What was done, in one line. */
export function howWords(settings: LoadResult['settings'], phases: readonly Phase[]): string {
  const { model, arrivals, connections, warmupSeconds, timeoutSeconds, findsKnee } = settings;
  const seconds = phases[0]?.seconds ?? 0;
  const rates = phases.map(({ rate }) => grouped(rate ?? 0)).join(', ');
  const asked =
    model === 'closed'
      ? `${plural(phases[0]?.workers ?? 0, 'worker')} in a closed loop, ${secondsWords(seconds)}`
      : findsKnee
        ? `open model in search of the knee, steps of ${secondsWords(seconds)}`
        : `open model, ${rates} a second, ${secondsWords(seconds)}${phases.length > 1 ? ' each' : ''}`;
  return [
    asked,
    ...(arrivals === 'poisson' ? ['random arrivals'] : []),
    ...(warmupSeconds > 0 ? [`after ${secondsWords(warmupSeconds)} of warm-up`] : []),
    `up to ${plural(connections, 'connection')}`,
    `time-out ${secondsWords(timeoutSeconds)}`,
  ].join(', ');
}

export const NOT_HELD: Readonly<Record<NonNullable<Judgement['because']>, string>> = {
  errors: 'errors',
  ourselves: 'we were late',
  behind: 'fell behind',
  slow: 'slow',
  threshold: 'over --fail-if',
};

export function failureWords({ kind, title }: Pick<FailureKind, 'kind' | 'title'>): string {
  const said: Readonly<Record<string, string>> = {
    timeout: 'no answer within the time-out',
    refused: 'connection refused',
    reset: 'connection lost before the answer was whole',
    'not started': 'not started: too many were under way',
    certificate: 'its certificate is not trusted (--insecure takes any)',
    'no TLS': 'it speaks no TLS: write http://',
    'no HTTP': 'the answer was no HTTP',
  };
  if (title) return `${kind}: ${title}`;
  return /^\d+$/.test(kind) ? `status ${kind}` : (said[kind] ?? kind);
}

/** What a rule met. */
export function resultWords({ text, actual }: ThresholdResult): string {
  if (actual === null) return 'nothing was measured';
  if (text.endsWith('/s')) return `was ${perSecond(actual)}`;
  return text.endsWith('%') ? `was ${Number(actual.toFixed(2))} %` : `was ${millis(actual)}`;
}

function secondsWords(seconds: number): string {
  return `${Number(seconds.toFixed(1))} s`;
}

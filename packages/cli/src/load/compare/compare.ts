import { millis, ratio, share } from '../../terminal/words.ts';
import type { Judgement, LoadResult, Phase, Waits } from '../result/result.ts';
import { perSecond } from '../result/verdict.ts';

type Step = Phase & Judgement;

/** The same load in two results. */
export interface Pair {
  /** `400/s`, `20 workers`. */
  readonly at: string;
  readonly a: Step;
  readonly b: Step;
}

export interface Comparison {
  readonly a: LoadResult;
  readonly b: LoadResult;
  readonly pairs: readonly Pair[];
  readonly verdict: string;
  /** Why the two may not be compared, or only in part. */
  readonly notes: readonly string[];
}

/** Differences below this are within what one run differs from the next by. */
const NOISE = 1.1;

/** Two results side by side: steps of the same rate, or the same number of workers. Pure. */
export function compare(a: LoadResult, b: LoadResult): Comparison {
  const pairs = a.phases.flatMap((one) => {
    const other = b.phases.find(
      ({ rate, workers }) => rate === one.rate && workers === one.workers,
    );
    return other ? [{ at: settingOf(one), a: one, b: other }] : [];
  });
  return { a, b, pairs, verdict: verdictOf(a, b, pairs), notes: notesOf(a, b, pairs) };
}

export function settingOf({ rate, workers }: Phase): string {
  return rate === null ? `${workers} workers` : perSecond(rate);
}

export interface Line {
  readonly name: string;
  readonly a: string;
  readonly b: string;
  readonly ratio: string;
  /** Whether B is better; undefined where it is no worse and no better. */
  readonly isBetter: boolean | undefined;
}

const WAITS: readonly (readonly [string, keyof Waits])[] = [
  ['p50', 'p50'],
  ['p90', 'p90'],
  ['p99', 'p99'],
  ['p99.9', 'p999'],
  ['max', 'max'],
];

/** What differs, line by line. */
export function linesOf({ a, b }: Pair): Line[] {
  const waits = (of: 'latency' | 'waiting' | 'service', name: string, key: keyof Waits): Line => {
    const [one, other] = [a[of][key], b[of][key]];
    const isThere = a.served > 0 && b.served > 0;
    return {
      name,
      a: a.served > 0 ? millis(one) : '–',
      b: b.served > 0 ? millis(other) : '–',
      ratio: isThere ? factor(one, other) : '',
      isBetter: isThere ? better(one, other) : undefined,
    };
  };
  return [
    {
      name: 'served',
      a: perSecond(a.servedPerSecond),
      b: perSecond(b.servedPerSecond),
      ratio: factor(a.servedPerSecond, b.servedPerSecond),
      isBetter: better(b.servedPerSecond, a.servedPerSecond),
    },
    {
      name: 'failed',
      a: share(a.failed, a.offered),
      b: share(b.failed, b.offered),
      ratio: factor(failedShare(a), failedShare(b)),
      isBetter: better(failedShare(a), failedShare(b)),
    },
    ...WAITS.map(([name, key]) => waits('latency', name, key)),
    waits('service', 'service p99', 'p99'),
    waits('waiting', 'waiting p99', 'p99'),
  ];
}

/** `1.9 ×`, `÷ 220`: what became of a figure. */
function factor(before: number, after: number): string {
  if (before === 0) return after === 0 ? '' : 'new';
  if (after === 0) return 'gone';
  return after < before ? `÷ ${ratio(before, after).replace(' ×', '')}` : ratio(after, before);
}

/** Of two figures the smaller is the better one: whether that is the second. */
function better(one: number, other: number): boolean | undefined {
  if (Math.max(one, other) <= Math.min(one, other) * NOISE) return undefined;
  return other < one;
}

function failedShare({ failed, offered }: Phase): number {
  return offered === 0 ? 0 : failed / offered;
}

function verdictOf(a: LoadResult, b: LoadResult, pairs: readonly Pair[]): string {
  if (a.knee && b.knee) {
    const knee = (one: number | null) => (one === null ? 'no rate at all' : perSecond(one));
    return `A held ${knee(a.knee.held)}, B ${knee(b.knee.held)}.`;
  }
  const heaviest = pairs.at(-1);
  if (!heaviest) return 'The two have no load in common.';
  const { at, a: one, b: other } = heaviest;
  const served = better(other.servedPerSecond, one.servedPerSecond);
  const p99 = better(one.latency.p99, other.latency.p99);
  const failed = better(failedShare(one), failedShare(other));
  const parts = [
    served !== undefined &&
      `served ${ratio(other.servedPerSecond, one.servedPerSecond)} as many (${perSecond(other.servedPerSecond)} instead of ${perSecond(one.servedPerSecond)})`,
    p99 !== undefined &&
      `had a p99 of ${millis(other.latency.p99)} instead of ${millis(one.latency.p99)}`,
    failed !== undefined &&
      `failed ${failedWords(other)} of the requests instead of ${failedWords(one)}`,
  ].filter((part) => part !== false);
  if (parts.length === 0) return `At ${at} B differs from A by less than a tenth.`;
  const last = parts.pop();
  return `At ${at} B ${parts.length > 0 ? `${parts.join(', ')} and ` : ''}${last}.`;
}

function failedWords({ failed, offered }: Phase): string {
  return share(failed, offered);
}

function notesOf(a: LoadResult, b: LoadResult, pairs: readonly Pair[]): string[] {
  const notes: string[] = [];
  const differ = (what: string, one: unknown, other: unknown) => {
    if (one !== other) notes.push(`They differ in ${what}: ${one} and ${other}.`);
  };
  differ('method', a.target.method, b.target.method);
  differ('path', pathOf(a), pathOf(b));
  differ('model', a.settings.model, b.settings.model);
  differ('arrivals', a.settings.arrivals, b.settings.arrivals);
  differ('connections', a.settings.connections, b.settings.connections);
  differ('time-out', `${a.settings.timeoutSeconds} s`, `${b.settings.timeoutSeconds} s`);
  const first = pairs[0];
  if (first && Math.round(first.a.seconds) !== Math.round(first.b.seconds)) {
    differ('length', `${first.a.seconds} s`, `${first.b.seconds} s`);
  }
  const alone = (one: LoadResult, other: 'a' | 'b') =>
    one.phases.filter((phase) => !pairs.some((pair) => pair[other] === phase)).map(settingOf);
  const [onlyA, onlyB] = [alone(a, 'a'), alone(b, 'b')];
  if (onlyA.length > 0) notes.push(`Only A has ${onlyA.join(', ')}.`);
  if (onlyB.length > 0) notes.push(`Only B has ${onlyB.join(', ')}.`);
  for (const [name, one] of [
    ['A', a],
    ['B', b],
  ] as const) {
    if (one.interrupted) notes.push(`${name} was interrupted.`);
  }
  return notes;
}

/** The port is another each time. */
function pathOf({ target }: LoadResult): string {
  return URL.canParse(target.url)
    ? target.url.slice(new URL(target.url).origin.length)
    : target.url;
}

import type { PageChart, PageColour, PageLine } from '@lifeguard/dashboard/load-report';
import type { CurvePoint, Judgement, LoadResult, Phase } from '../result/result.ts';
import { perSecond } from '../result/verdict.ts';
import { line, TIME } from './lines.ts';
import { databaseCharts, poolCharts } from './surroundings-charts.ts';

/** More curves than this can't be told from each other. */
const MOST_CURVES = 5;
/** Kinds of failure that have a colour of their own. */
const MOST_KINDS = 4;

/** All charts of one load. Pure. */
export function chartsOf(result: LoadResult): PageChart[] {
  const { timeline, database, monitor, failures } = result;
  const at = timeline.offered.map((_, i) => i + 0.5);
  return [
    percentiles(result.phases),
    {
      ...TIME,
      id: 'rate',
      title: 'Served against offered',
      unit: 'perSecond',
      at,
      lines: [
        { label: 'served', colour: '--accent', kind: 'area', values: timeline.served },
        { label: 'failed', colour: '--fail', kind: 'bars', values: timeline.failed },
        ...(result.settings.model === 'open'
          ? [line('offered', '--muted', timeline.offered, 'dashed')]
          : []),
      ],
    },
    {
      ...TIME,
      id: 'latency',
      title: 'Latency, by when it was wanted',
      unit: 'millis',
      isLog: true,
      at,
      lines: [
        line('p99', '--accent', timeline.p99),
        line('median', '--accent-light', timeline.p50),
        line('waiting on our side, p99', '--muted', timeline.waitingP99, 'dashed'),
      ],
    },
    ...(failures.length > 0 ? [failuresChart(result, at)] : []),
    {
      ...TIME,
      id: 'in-flight',
      title: 'Requests under way',
      unit: 'count',
      at,
      lines: [{ label: 'under way', colour: '--accent', kind: 'area', values: timeline.inFlight }],
    },
    ...(monitor?.pools ?? []).filter((pool) => pool.at.length > 0).flatMap(poolCharts),
    ...(database && database.at.length > 0 ? databaseCharts(database) : []),
  ];
}

/** The distribution of each step; of a single one also the service alone. */
function percentiles(phases: readonly (Phase & Judgement)[]): PageChart {
  const told = phases.filter(({ served }) => served > 0);
  const [only] = told;
  const curves =
    told.length === 1 && only
      ? [
          { label: 'latency', colour: '--accent', curve: only.curves.latency } as const,
          {
            label: 'service alone',
            colour: '--accent-light',
            kind: 'dashed',
            curve: only.curves.service,
          } as const,
        ]
      : mostTelling(told).map((phase, i, shown) => ({
          label: phase.rate === null ? `${phase.workers} workers` : perSecond(phase.rate),
          colour: colourOfStep(phase, shown),
          kind: i % 2 === 0 ? ('line' as const) : ('dashed' as const),
          curve: phase.curves.latency,
        }));
  return percentileChart('Latency by percentile', curves);
}

interface Curve {
  readonly label: string;
  readonly colour: PageColour;
  readonly kind?: PageLine['kind'];
  readonly curve: readonly CurvePoint[];
}

export function percentileChart(title: string, curves: readonly Curve[]): PageChart {
  const points = curves.map(({ curve }) => new Map(placed(curve)));
  const at = [...new Set(points.flatMap((one) => [...one.keys()]))].sort((a, b) => a - b);
  return {
    id: 'percentiles',
    title,
    x: 'percentile',
    unit: 'millis',
    isLog: true,
    isStacked: false,
    at,
    lines: curves.map(({ label, colour, kind = 'line' }, i) =>
      line(
        label,
        colour,
        at.map((x) => points[i]?.get(x) ?? null),
        kind,
      ),
    ),
  };
}

/** On an axis of 1/(1 - p); the slowest stands a step beyond the last that can be told. */
function placed(curve: readonly CurvePoint[]): [number, number][] {
  let last = 1;
  return curve.map(([percentile, millis]) => {
    last = percentile >= 100 ? last * 1.2 : Number((100 / (100 - percentile)).toPrecision(4));
    return [last, Math.max(millis, 0.001)];
  });
}

/** The first and the last ones: between them nothing new begins. */
function mostTelling<T>(phases: readonly T[]): readonly T[] {
  if (phases.length <= MOST_CURVES) return phases;
  return [...phases.slice(0, 1), ...phases.slice(1 - MOST_CURVES)];
}

function colourOfStep(phase: Phase & Judgement, shown: readonly (Phase & Judgement)[]): PageColour {
  const alike = shown.filter(({ held }) => held === phase.held);
  const isHeaviest = alike.every(({ rate }) => (rate ?? 0) <= (phase.rate ?? 0));
  if (phase.held) return isHeaviest ? '--accent' : '--accent-light';
  return isHeaviest ? '--fail' : '--warn';
}

const KIND_COLOURS: readonly PageColour[] = ['--fail', '--warn-line', '--fail-line', '--muted'];

function failuresChart({ timeline, failures }: LoadResult, at: readonly number[]): PageChart {
  const shown = failures.slice(0, failures.length > MOST_KINDS ? MOST_KINDS - 1 : MOST_KINDS);
  const rest = failures.slice(shown.length);
  const valuesOf = (kind: string) => timeline.failures[kind] ?? at.map(() => 0);
  const lines = shown.map(({ kind }, i) =>
    line(kind, KIND_COLOURS[i] ?? '--muted', valuesOf(kind), 'area'),
  );
  if (rest.length > 0) {
    const values = at.map((_, i) =>
      rest.reduce((sum, { kind }) => sum + (valuesOf(kind)[i] ?? 0), 0),
    );
    lines.push(line('others', '--muted', values, 'area'));
  }
  return {
    ...TIME,
    id: 'failures',
    title: 'Failures by kind',
    unit: 'perSecond',
    isStacked: true,
    at,
    lines,
  };
}

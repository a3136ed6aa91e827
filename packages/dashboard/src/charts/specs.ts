import { amount, duration, whole } from '../model/words.ts';
import type { Figure, PoolColumns, PoolSnapshot } from '../wire.ts';

type Values = readonly (number | null)[];

/** A colour of the theme, by the name of its custom property. */
export type Colour = '--accent' | '--accent-light' | '--fail' | '--muted';

export interface LineSpec {
  readonly label: string;
  readonly colour: Colour;
  readonly kind: 'area' | 'line' | 'bars' | 'limit';
  readonly values: (columns: PoolColumns) => Values;
  /** Where it differs from the chart's. */
  readonly format?: (value: number) => string;
}

export interface ChartSpec {
  readonly id: string;
  readonly title: string;
  readonly format: (value: number) => string;
  /** The scale reaches up to this at least. */
  readonly atLeast: number;
  /** Drawn in this order; the first is the one that is named large. */
  readonly lines: readonly LineSpec[];
}

const column =
  (figure: Figure) =>
  (columns: PoolColumns): Values =>
    columns[figure];

/** One on top of the other; unknown where one is. */
function sum(...figures: readonly Figure[]) {
  return (columns: PoolColumns): Values =>
    columns.max.map((_, i) => {
      const values = figures.map((figure) => columns[figure][i] ?? null);
      return values.reduce<number | null>(
        (total, value) => (total === null || value === null ? null : total + value),
        0,
      );
    });
}

const POOL_CHARTS: readonly ChartSpec[] = [
  {
    id: 'connections',
    title: 'Connections in use',
    format: whole,
    atLeast: 1,
    lines: [
      {
        label: 'in use',
        colour: '--accent-light',
        kind: 'area',
        values: sum('checkedOut', 'shared'),
      },
      { label: 'held', colour: '--accent', kind: 'area', values: column('checkedOut') },
      { label: 'limit', colour: '--muted', kind: 'limit', values: column('max') },
    ],
  },
  {
    id: 'pending',
    title: 'Callers waiting',
    format: whole,
    atLeast: 4,
    lines: [
      { label: 'waiting', colour: '--accent', kind: 'area', values: column('pending') },
      {
        label: 'refused a second',
        colour: '--fail',
        kind: 'bars',
        values: sum('timeoutsPerSecond', 'shedPerSecond', 'breakerRefusedPerSecond'),
        format: amount,
      },
    ],
  },
  {
    id: 'wait',
    title: 'Wait for a connection',
    format: duration,
    atLeast: 10,
    lines: [
      {
        label: '99th percentile',
        colour: '--accent',
        kind: 'line',
        values: column('waitP99Millis'),
      },
      { label: 'median', colour: '--accent-light', kind: 'line', values: column('waitP50Millis') },
    ],
  },
  {
    id: 'statements',
    title: 'Statements a second',
    format: amount,
    atLeast: 10,
    lines: [
      {
        label: 'statements',
        colour: '--accent',
        kind: 'area',
        values: column('statementsPerSecond'),
      },
      { label: 'errors', colour: '--fail', kind: 'bars', values: column('errorsPerSecond') },
    ],
  },
];

/** A server counts neither who waits nor for how long. */
const SERVER_CHARTS: readonly ChartSpec[] = [
  {
    id: 'connections',
    title: 'Connections open',
    format: whole,
    atLeast: 1,
    lines: [
      { label: 'open', colour: '--accent-light', kind: 'area', values: column('total') },
      {
        label: 'not idle',
        colour: '--accent',
        kind: 'area',
        values: column('checkedOut'),
      },
      { label: 'limit', colour: '--muted', kind: 'limit', values: column('max') },
    ],
  },
  {
    id: 'statements',
    title: 'Transactions a second',
    format: amount,
    atLeast: 10,
    lines: [
      {
        label: 'transactions',
        colour: '--accent',
        kind: 'area',
        values: column('statementsPerSecond'),
      },
    ],
  },
];

export function chartsOf({ kind }: Pick<PoolSnapshot, 'kind'>): readonly ChartSpec[] {
  return kind === 'server' ? SERVER_CHARTS : POOL_CHARTS;
}

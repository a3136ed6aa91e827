import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { axisOf, barsOf, type ColourOf, POINTER, translucent } from '../charts/base.ts';
import type { PageChart, PageLine } from './page-data.ts';
import { momentWords, percentileWords, secondsWords, valueWords } from './words.ts';

const HEIGHT = 190;
const AXIS_WIDTH = 52;
/** Of the height, kept free above the highest line. */
const HEADROOM = 1.1;
/** Where people look for percentiles, on an axis of 1/(1 - p). */
const PERCENTILE_SPLITS = [1, 2, 4, 10, 20, 100, 1_000, 10_000, 100_000, 1_000_000];

/** Draws a chart and reads out what is pointed at; returns how it is taken away. */
export function draw(place: HTMLElement, chart: PageChart, width: number): () => void {
  const style = getComputedStyle(place);
  const colourOf = (name: string) => style.getPropertyValue(name).trim();
  const readings = readingsOf(place, chart);
  const plot = new uPlot(
    optionsOf(chart, width, colourOf, readings.show),
    [chart.at as number[], ...drawnValues(chart)] as uPlot.AlignedData,
    place,
  );
  return () => plot.destroy();
}

/** The highest first, so that those below are drawn over it. */
function drawnLines(chart: PageChart): PageLine[] {
  return chart.isStacked ? [...chart.lines].reverse() : [...chart.lines];
}

function drawnValues(chart: PageChart): (number | null)[][] {
  if (!chart.isStacked) return chart.lines.map(({ values }) => [...values]);
  const sums = chart.at.map(() => 0);
  const stacked = chart.lines.map(({ values, kind }) =>
    values.map((value, i) => {
      if (kind !== 'area') return value;
      sums[i] = (sums[i] ?? 0) + (value ?? 0);
      return sums[i] ?? 0;
    }),
  );
  return stacked.reverse();
}

function optionsOf(
  chart: PageChart,
  width: number,
  colourOf: ColourOf,
  onCursor: (row: number | null) => void,
): uPlot.Options {
  const isTime = chart.x === 'seconds';
  const axis = axisOf(colourOf);
  return {
    width,
    height: HEIGHT,
    padding: [8, 18, 0, 0],
    legend: { show: false },
    // All charts of time point at the same moment.
    cursor: { ...POINTER, ...(isTime && { sync: { key: 'time' } }) },
    scales: {
      x: isTime
        ? { time: false }
        : { time: false, distr: 3, log: 10, range: (_, __, most) => [1, Math.max(10, most ?? 10)] },
      y: chart.isLog
        ? { distr: 3, log: 10, range: logRange }
        : { range: (_, __, most) => [0, Math.max(1, (most ?? 0) * HEADROOM)] },
    },
    axes: [
      isTime
        ? {
            ...axis,
            size: 28,
            space: 60,
            grid: { show: false },
            values: (_, at) => at.map(secondsWords),
          }
        : {
            ...axis,
            size: 28,
            splits: (_, __, from, to) => fitting(PERCENTILE_SPLITS, from, to, width),
            filter: (_, splits) => splits,
            values: (_, at) => at.map(percentileWords),
          },
      {
        ...axis,
        size: AXIS_WIDTH,
        space: 28,
        ...(chart.isLog && {
          filter: decadesAndHalves,
          grid: { ...axis.grid, filter: decadesAndHalves },
        }),
        values: (_, at) => at.map((value) => (value === null ? '' : valueWords(value, chart.unit))),
      },
    ],
    series: [{}, ...drawnLines(chart).map((line) => seriesOf(line, colourOf, chart))],
    hooks: { setCursor: [({ cursor }) => onCursor(cursor.idx ?? null)] },
  };
}

/** So that there is a decade above and below: one line alone would lie on the axis. */
function logRange(_: uPlot, least: number | null, most: number | null): uPlot.Range.MinMax {
  const floor = 10 ** Math.floor(Math.log10(Math.max(least ?? 1, 0.01)));
  const ceiling = Math.max(floor * 10, (most ?? 1) * 1.3);
  return [floor, ceiling];
}

/** Of a logarithmic axis the labels 1, 2 and 5 of each decade, or its 1 alone where there are many. */
function decadesAndHalves(plot: uPlot, splits: number[]): (number | null)[] {
  const { min = 1, max = 10 } = plot.scales.y ?? {};
  const decades = Math.log10((max ?? 10) / (min ?? 1));
  const kept = decades > 2.5 ? [1] : [1, 2, 5];
  return splits.map((value) => {
    const digit = Math.round(value / 10 ** Math.floor(Math.log10(value) + 1e-9));
    return kept.includes(digit) ? value : null;
  });
}

/** On a narrow page every second label, so that none stands on another. */
function fitting(splits: readonly number[], from: number, to: number, width: number): number[] {
  const inside = splits.filter((value) => value >= from && value <= to);
  const room = Math.floor((width - AXIS_WIDTH) / 52);
  return inside.length <= room ? inside : inside.filter((value) => ![4, 20].includes(value));
}

function seriesOf(
  { kind, colour, label }: PageLine,
  colourOf: ColourOf,
  chart: PageChart,
): uPlot.Series {
  const stroke = colourOf(colour);
  const isStepped = chart.x === 'percentile';
  const common: uPlot.Series = {
    label,
    stroke,
    width: 2,
    points: { show: false },
    spanGaps: true,
    ...(isStepped && { paths: uPlot.paths.linear?.() }),
  };
  switch (kind) {
    case 'area':
      // What stands on others hides what is below it; what stands alone lets the grid through.
      return { ...common, width: 1.5, fill: chart.isStacked ? stroke : translucent(stroke) };
    case 'bars':
      return barsOf(common, stroke);
    case 'dashed':
      return { ...common, width: 1.5, dash: [5, 4] };
    default:
      return common;
  }
}

/** The figures in the chart's head: the most of each, or what is pointed at. */
function readingsOf(place: HTMLElement, chart: PageChart) {
  const figure = place.closest('figure');
  const moment = figure?.querySelector<HTMLElement>('.chart-moment');
  const numbers = [...(figure?.querySelectorAll<HTMLElement>('[data-line]') ?? [])];
  return {
    show(row: number | null): void {
      if (moment) {
        moment.textContent =
          row === null ? (moment.dataset.idle ?? '') : momentWords(chart.at[row] ?? 0, chart.x);
      }
      for (const [i, number] of numbers.entries()) {
        const value = row === null ? undefined : chart.lines[i]?.values[row];
        number.textContent =
          row === null
            ? (number.dataset.idle ?? '')
            : value === null || value === undefined
              ? '–'
              : valueWords(value, chart.unit);
      }
    },
  };
}

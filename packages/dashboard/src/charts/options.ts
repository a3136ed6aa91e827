import uPlot from 'uplot';
import { whole } from '../model/words.ts';
import { axisOf, barsOf, type ColourOf, POINTER, translucent } from './base.ts';
import type { ChartSpec, LineSpec } from './specs.ts';

const HEIGHT = 130;
/** On a phone four of them stand one below the other. */
const PHONE_HEIGHT = 96;
const isPhone = matchMedia('(max-width: 40rem)');
/** Of the height, kept free above the highest line. */
const HEADROOM = 1.12;
const AXIS_WIDTH = 46;
/** Between two lines of the scale, where there are no halves. */
const WHOLE_STEPS = [1, 2, 5].flatMap((step) => [1, 10, 100, 1e3, 1e4, 1e5].map((by) => step * by));

/** uPlot's options for a chart. `onCursor`: told which row is pointed at, null when none is. */
export function optionsOf(
  spec: ChartSpec,
  width: number,
  colourOf: ColourOf,
  onCursor: (row: number | null) => void,
): uPlot.Options {
  const axis = axisOf(colourOf);
  return {
    width,
    height: isPhone.matches ? PHONE_HEIGHT : HEIGHT,
    padding: [6, 24, 0, 0],
    legend: { show: false },
    // All charts point at the same moment.
    cursor: { ...POINTER, sync: { key: 'lifeguard' } },
    scales: {
      x: { time: true },
      y: { range: (_, __, most) => [0, Math.max(spec.atLeast, most ?? 0) * HEADROOM] },
    },
    axes: [
      { ...axis, size: 28, gap: 8, space: 70, grid: { show: false }, values: clock },
      {
        ...axis,
        size: AXIS_WIDTH,
        space: 28,
        ...(spec.format === whole && { incrs: WHOLE_STEPS.toSorted((a, b) => a - b) }),
        values: (_, splits) => splits.map((value) => round(spec.format(value))),
      },
    ],
    series: [{}, ...spec.lines.map((line) => seriesOf(line, colourOf))],
    hooks: { setCursor: [({ cursor }) => onCursor(cursor.idx ?? null)] },
  };
}

function seriesOf({ kind, colour, label }: LineSpec, colourOf: ColourOf): uPlot.Series {
  const stroke = colourOf(colour);
  const common: uPlot.Series = {
    label,
    stroke,
    width: 1.5,
    points: { show: false },
    spanGaps: false,
  };
  switch (kind) {
    case 'area':
      return { ...common, fill: translucent(stroke), paths: uPlot.paths.stepped?.({ align: 1 }) };
    case 'bars':
      return barsOf(common, stroke);
    case 'limit':
      return { ...common, width: 1, dash: [4, 4] };
    default:
      return common;
  }
}

function clock(_: uPlot, splits: number[]): string[] {
  return splits.map((seconds) =>
    new Date(seconds * 1_000).toLocaleTimeString('en-GB', {
      hour: '2-digit',
      minute: '2-digit',
      ...(seconds % 60 !== 0 && { second: '2-digit' }),
    }),
  );
}

/** `5 ms`, where a number beside it would say `5.0 ms`. */
function round(text: string): string {
  return text.replace(/\.0(?!\d)/, '');
}

import uPlot from 'uplot';

/** A custom property of the style, such as `--muted`. */
export type ColourOf = (property: string) => string;

/** What all axes have. */
export function axisOf(colourOf: ColourOf): uPlot.Axis {
  return {
    stroke: colourOf('--muted'),
    font: '11px Inter, ui-sans-serif, system-ui, sans-serif',
    grid: { stroke: colourOf('--line'), width: 1 },
    ticks: { show: false },
  };
}

/** Pointing reads a row out, and changes nothing. */
export const POINTER: uPlot.Cursor = {
  y: false,
  drag: { setScale: false, x: false, y: false },
  points: { size: 6 },
};

export function barsOf(common: uPlot.Series, fill: string): uPlot.Series {
  return { ...common, width: 0, fill, paths: uPlot.paths.bars?.({ size: [0.9, 8, 2] }) };
}

/** `#rrggbb` at a quarter of its strength. */
export function translucent(colour: string): string {
  return `${colour}40`;
}

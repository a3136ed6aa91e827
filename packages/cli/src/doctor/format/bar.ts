import type { Colour } from '../../terminal/colours.ts';

export interface Segment {
  readonly size: number;
  readonly glyph: string;
  readonly colour?: Colour;
}

/**
 * Segments as one line of `width` cells, each as long as its share; whatever there is at all has a cell. Told apart
 * by glyph, so that it also reads without colours.
 */
export function bar(segments: readonly Segment[], width: number): string {
  const shown = segments.filter(({ size }) => size > 0);
  const cells = cellsOf(
    shown.map(({ size }) => size),
    width,
  );
  return shown
    .map(({ glyph, colour = plain }, index) => colour(glyph.repeat(cells[index] ?? 0)))
    .join('');
}

/** Shares a width by the largest remainder; everybody has a cell at least, at the cost of the largest. */
function cellsOf(sizes: readonly number[], width: number): number[] {
  const total = sizes.reduce((sum, size) => sum + size, 0);
  const exact = sizes.map((size) => (size * width) / total);
  const cells = exact.map((share) => Math.max(1, Math.floor(share)));
  const change = (by: 1 | -1) => {
    const gap = exact.map((share, index) => (share - (cells[index] ?? 0)) * by);
    const candidates = gap.map((value, index) =>
      (cells[index] ?? 0) + by < 1 ? -Infinity : value,
    );
    const chosen = candidates.indexOf(Math.max(...candidates));
    cells[chosen] = (cells[chosen] ?? 0) + by;
  };
  const used = () => cells.reduce((sum, count) => sum + count, 0);
  while (cells.length > 0 && used() < width) change(1);
  while (used() > width && used() > cells.length) change(-1);
  return cells;
}

function plain(text: string): string {
  return text;
}

/** What the page's script is given: as JSON in the page. Types alone, for both sides. */
export interface PageChart {
  readonly id: string;
  readonly title: string;
  /** What the horizontal axis is: seconds, or 1/(1 - percentile) on a logarithmic scale. */
  readonly x: 'seconds' | 'percentile';
  readonly unit: 'millis' | 'perSecond' | 'count';
  /** A logarithmic vertical axis. */
  readonly isLog: boolean;
  /** Lines stand on each other. */
  readonly isStacked: boolean;
  readonly at: readonly number[];
  readonly lines: readonly PageLine[];
}

export interface PageLine {
  readonly label: string;
  readonly colour: PageColour;
  readonly kind: 'area' | 'line' | 'dashed' | 'bars';
  readonly values: readonly (number | null)[];
}

/** Colours of the theme; a canvas is drawn anew when that changes. */
export const PAGE_COLOURS = [
  '--accent',
  '--accent-light',
  '--accent-soft',
  '--fail',
  '--warn-line',
  '--muted',
  '--fail-line',
  '--ink',
] as const;
export type PageColour = (typeof PAGE_COLOURS)[number];

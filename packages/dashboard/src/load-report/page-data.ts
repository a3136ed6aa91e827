/** What the page of a load's report is given, as JSON in it, by whoever writes the page: the command line. */
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

/** A colour of the theme, by the name of its custom property. */
export type PageColour =
  | '--accent'
  | '--accent-light'
  | '--accent-soft'
  | '--fail'
  | '--warn'
  | '--warn-line'
  | '--muted'
  | '--fail-line'
  | '--ink';

export type Attributes = Readonly<Record<string, string>>;

export interface Distribution {
  /** One more than the bounds: the last is of what is longer than all. */
  readonly counts: readonly number[];
  readonly sumSeconds: number;
}

/** One kind of figure. */
export interface Instrument {
  /** As OpenTelemetry has it, with dots. */
  readonly name: string;
  /**
   * `gauge`: what is now, and can't be summed up; `upDown`: what is now, and can; `counter`: only grows;
   * `histogram`: durations in seconds.
   */
  readonly type: 'gauge' | 'upDown' | 'counter' | 'histogram';
  /** In UCUM: `s`, `By`, `{connection}`. */
  readonly unit: string;
  readonly description: string;
}

export interface NumberPoint {
  readonly attributes: Attributes;
  readonly value: number;
}

export interface HistogramPoint {
  readonly attributes: Attributes;
  readonly value: Distribution;
}

/** One kind of figure, with all that is known of it now. */
export type Metric =
  | {
      readonly instrument: Instrument & { readonly type: 'gauge' | 'upDown' | 'counter' };
      readonly points: readonly NumberPoint[];
    }
  | {
      readonly instrument: Instrument & { readonly type: 'histogram' };
      readonly points: readonly HistogramPoint[];
    };

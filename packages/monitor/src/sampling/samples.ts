import type { Sample } from './window.ts';

/** Samples as old as this are kept one by one, so that the last ten seconds can be told exactly. */
const FINE_MILLIS = 10_000;
/** Whoever looks more often than this gets an answer, but no sample is kept of it. */
const FINEST_MILLIS = 500;
/** Of the older ones, one for so long. */
const COARSE_MILLIS = 5_000;

/** A pool's last samples: few enough to keep, near enough to begin a window of any length with. */
export class Samples {
  readonly #keepMillis: number;
  /** The oldest first; the first of all is older than what must be kept, for windows begin with it. */
  #samples: Sample[] = [];

  /** `keepMillis`: the longest window that will be asked for. */
  constructor(keepMillis: number) {
    this.#keepMillis = keepMillis;
  }

  get length(): number {
    return this.#samples.length;
  }

  add(sample: Sample): void {
    const { at } = sample;
    const samples = this.#samples;
    const last = samples.at(-1);
    if (last && at - last.at < FINEST_MILLIS) return;
    samples.push(sample);
    this.#samples = samples.filter((each, i) => {
      const age = at - each.at;
      const next = samples[i + 1];
      // The newest of those that are old enough begins the longest window.
      if (age >= this.#keepMillis) return next === undefined || at - next.at < this.#keepMillis;
      if (age <= FINE_MILLIS || i === 0) return true;
      const previous = samples[i - 1];
      return !previous || slot(each.at) !== slot(previous.at);
    });
  }

  /** The newest that is at least so old, or else the oldest. */
  before(at: number, millis: number): Sample | undefined {
    return this.#samples.findLast((each) => at - each.at >= millis) ?? this.#samples[0];
  }
}

function slot(at: number): number {
  return Math.floor(at / COARSE_MILLIS);
}

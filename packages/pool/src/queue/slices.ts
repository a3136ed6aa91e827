/** So many in one turn of the event loop: what their callers do then takes longer than what is done here. */
export const SLICE = 250;

interface Job<T> {
  readonly elements: readonly T[];
  readonly each: (element: T) => void;
  /** How many are done. */
  done: number;
}

/**
 * Does something for each of very many, in slices with a turn of the event loop between them: whatever
 * becomes of tens of thousands together, the process still answers everybody else. A few are done at once.
 */
export class Slices<T> {
  readonly #finished: () => void;
  readonly #later: (run: () => void) => void;
  readonly #jobs: Job<T>[] = [];
  #isBusy = false;

  /** `finished` is called when nothing is left of what could not be done at once. */
  constructor(finished: () => void, later: (run: () => void) => void = setImmediate) {
    this.#finished = finished;
    this.#later = later;
  }

  /** For how many it is still to be done. */
  get length(): number {
    return this.#jobs.reduce((left, { elements, done }) => left + elements.length - done, 0);
  }

  /** Those who came before have their turn before. */
  run(elements: readonly T[], each: (element: T) => void): void {
    if (elements.length === 0) return;
    this.#jobs.push({ elements, each, done: 0 });
    if (this.#isBusy) return;
    this.#isBusy = true;
    this.#slice();
  }

  #slice(): void {
    try {
      for (let n = 0; n < SLICE && this.#jobs[0]; n++) this.#next(this.#jobs[0]);
    } finally {
      this.#isBusy = this.#jobs.length > 0;
      if (this.#isBusy) this.#later(() => this.#continue());
    }
  }

  #continue(): void {
    this.#slice();
    if (!this.#isBusy) this.#finished();
  }

  #next(job: Job<T>): void {
    const element = job.elements[job.done++] as T;
    if (job.done === job.elements.length) this.#jobs.shift();
    job.each(element);
  }
}

import type { Priority } from '../context/context.ts';
import type { StatementProfile } from '../statement/profiles.ts';
import { Line } from './line.ts';

/** The lines of one priority: one for each statement text that has waited, and one for all others. */
export class Lines {
  readonly others: Line;
  /** Statements that begin again by themselves: older than others that wait, they have a head of their own. */
  readonly again: Line;
  readonly #priority: Priority;
  #byText: WeakMap<StatementProfile, Line> | undefined;

  constructor(priority: Priority) {
    this.#priority = priority;
    this.others = new Line(priority);
    this.again = new Line(priority);
  }

  of(profile: StatementProfile): Line {
    this.#byText ??= new WeakMap();
    let line = this.#byText.get(profile);
    if (!line) {
      line = new Line(this.#priority);
      this.#byText.set(profile, line);
    }
    return line;
  }

  find(profile: StatementProfile): Line | undefined {
    return this.#byText?.get(profile);
  }
}

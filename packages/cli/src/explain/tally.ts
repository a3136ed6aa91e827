import { type DiagnoseOptions, type Diagnosis, diagnose } from '@lifeguard/guard';
import type { Entry } from './entry.ts';
import { Timeline } from './timeline.ts';

/** Errors of one kind. */
export interface Group {
  readonly diagnosis: Diagnosis;
  count: number;
  readonly codes: Map<string, number>;
  readonly timeline: Timeline;
}

/** Names of errors that are none of ours: more than that is noise. */
const MOST_NAMES = 100;
/** Something went wrong, whatever it was. */
const AN_ERROR =
  /\b(?:(\w*(?:Error|Exception))\b|FATAL\b|PANIC\b|(?:level|severity)["=: ]+"?(?:error|fatal|critical)\b)/i;

/** What a log's entries come to. */
export class Tally {
  entries = 0;
  /** Errors that are not about the database, or that nobody here knows. */
  unrecognised = 0;
  /** How often each class of those. */
  readonly names = new Map<string, number>();
  readonly #groups = new Map<string, Group>();

  add(entry: Entry, options?: DiagnoseOptions): void {
    this.entries++;
    const diagnosis = diagnosisOf(entry, options);
    if (diagnosis.kind === 'unknown') this.#note(entry.text);
    else this.#count(diagnosis, entry.time);
  }

  /** The most frequent first. */
  get groups(): Group[] {
    return [...this.#groups.values()].sort((a, b) => b.count - a.count);
  }

  get recognised(): number {
    return this.groups.reduce((sum, { count }) => sum + count, 0);
  }

  #count(diagnosis: Diagnosis, time: number | undefined): void {
    let group = this.#groups.get(diagnosis.title);
    if (!group) {
      group = { diagnosis, count: 0, codes: new Map(), timeline: new Timeline() };
      this.#groups.set(diagnosis.title, group);
    }
    group.count++;
    const { code } = diagnosis;
    if (code !== undefined) group.codes.set(code, (group.codes.get(code) ?? 0) + 1);
    if (time !== undefined) group.timeline.add(time);
  }

  #note(text: string): void {
    const match = AN_ERROR.exec(text);
    if (!match) return;
    this.unrecognised++;
    // The class alone: the words may hold what nobody wants in a report.
    const name = match[1] ?? 'no class named';
    if (this.names.size < MOST_NAMES || this.names.has(name)) {
      this.names.set(name, (this.names.get(name) ?? 0) + 1);
    }
  }
}

function diagnosisOf({ text, structured }: Entry, options?: DiagnoseOptions): Diagnosis {
  if (structured) {
    const diagnosis = diagnose(structured, options);
    if (diagnosis.kind !== 'unknown') return diagnosis;
  }
  return diagnose(text, options);
}

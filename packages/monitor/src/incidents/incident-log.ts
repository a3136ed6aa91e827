import type { PoolStats } from '@lifeguard/pool';
import { type Incident, type IncidentKind, identityOf } from './incident.ts';
import { byCause, KINDS, type Severity } from './kinds.ts';

/** An incident as the monitor remembers it: once for each cause, however often it comes back. */
export interface IncidentRecord extends Incident {
  /** Stays the same when the incident is over and comes back. */
  readonly id: string;
  readonly pool: string;
  readonly severity: Severity;
  /** How often it has happened since it was first seen: requests, executions, time-outs, as the kind has it. */
  readonly count: number;
  /** How often it has come (back). */
  readonly episodes: number;
  /** ISO 8601. */
  readonly firstSeen: string;
  readonly lastSeen: string;
  /** The same as `lastSeen`, once it has not been seen for a while; null while it lasts. */
  readonly overSince: string | null;
  /** Of a symptom, while it lasts: the ids of what explains it, the costliest first. */
  readonly explainedBy: readonly string[];
}

export type IncidentChange =
  | { readonly type: 'began'; readonly incident: IncidentRecord }
  | { readonly type: 'over'; readonly incident: IncidentRecord };

interface Entry {
  readonly id: string;
  incident: Incident;
  count: number;
  episodes: number;
  firstSeen: number;
  lastSeen: number;
  isOver: boolean;
  /** The kind's own count when it was last looked at. */
  counter: number | undefined;
}

/** What is seen of a pool at one moment. */
export interface Sighting {
  /** On a clock that only goes forward, in milliseconds. */
  readonly at: number;
  readonly incidents: readonly Incident[];
  /** Since the pool began. */
  readonly totals: PoolStats;
  /** Where the window begins in which they were seen. */
  readonly before: PoolStats;
}

/** Not seen for so long, an incident is over: what comes a few times a minute has not ended in between. */
export const QUIET_MILLIS = 30_000;
/** Incidents that are over, kept for whoever looks later. */
const MOST_KEPT = 200;
/** Incidents at once: code with endless owners must not fill the memory. */
const MOST_ACTIVE = 100;

/** The incidents of one pool: seen once for each cause, counted, and over some time. */
export class IncidentLog {
  readonly #pool: string;
  readonly #toDate: (at: number) => Date;
  readonly #active = new Map<string, Entry>();
  /** The latest last. */
  readonly #past = new Map<string, Entry>();
  readonly #begun: Partial<Record<IncidentKind, number>> = {};
  #ids = 0;

  /** `toDate`: the time of day of a moment on the clock of the sightings. */
  constructor(pool: string, toDate: (at: number) => Date) {
    this.#pool = pool;
    this.#toDate = toDate;
  }

  /** Writes down what is seen now; returns what has begun and what is over. */
  note(sighting: Sighting): IncidentChange[] {
    const began: Entry[] = [];
    const seen = new Set<string>();
    for (const incident of sighting.incidents) {
      const identity = identityOf(incident);
      if (seen.has(identity)) continue;
      seen.add(identity);
      const active = this.#active.get(identity);
      const past = this.#past.get(identity);
      if (active) {
        this.#goesOn(active, incident, sighting);
      } else if (this.#active.size < MOST_ACTIVE && isNews(past, incident, sighting)) {
        this.#past.delete(identity);
        const entry = this.#begins(past, incident, sighting);
        this.#active.set(identity, entry);
        this.#begun[incident.kind] = (this.#begun[incident.kind] ?? 0) + 1;
        began.push(entry);
      }
    }
    const over: Entry[] = [];
    for (const [identity, entry] of this.#active) {
      if (sighting.at - entry.lastSeen < QUIET_MILLIS) continue;
      this.#isOver(identity, entry);
      over.push(entry);
    }
    this.#forgetOldest();
    return [
      ...began.map((entry) => ({ type: 'began' as const, incident: this.#record(entry) })),
      ...over.map((entry) => ({ type: 'over' as const, incident: this.#record(entry) })),
    ];
  }

  /** Nobody looks any more: what lasted is over since it was last seen. */
  end(): void {
    for (const [identity, entry] of this.#active) this.#isOver(identity, entry);
  }

  /** How many have begun or come back, by kind. */
  get begun(): Readonly<Partial<Record<IncidentKind, number>>> {
    return this.#begun;
  }

  /** How many last, by kind; 0 of a kind that has been here. */
  get lasting(): Partial<Record<IncidentKind, number>> {
    const counts = Object.fromEntries(Object.keys(this.#begun).map((kind) => [kind, 0])) as Partial<
      Record<IncidentKind, number>
    >;
    for (const { incident } of this.#active.values()) {
      counts[incident.kind] = (counts[incident.kind] ?? 0) + 1;
    }
    return counts;
  }

  /** Those that last: causes first, the costliest first among them. */
  active(): IncidentRecord[] {
    return [...this.#active.values()]
      .sort((a, b) => byCause(a.incident, b.incident))
      .map((entry) => this.#record(entry));
  }

  /** Those that are over, the latest first. */
  past(): IncidentRecord[] {
    return [...this.#past.values()]
      .sort((a, b) => b.lastSeen - a.lastSeen || byCause(a.incident, b.incident))
      .map((entry) => this.#record(entry));
  }

  #begins(past: Entry | undefined, incident: Incident, { at, totals, before }: Sighting): Entry {
    const counter = counterOf(incident, totals);
    const was = past?.counter ?? counterOf(incident, before) ?? 0;
    const grown = counter === undefined ? 1 : Math.max(1, counter - was);
    return {
      id: past?.id ?? `${this.#pool}-${++this.#ids}`,
      incident,
      count: (past?.count ?? 0) + grown,
      episodes: (past?.episodes ?? 0) + 1,
      firstSeen: past?.firstSeen ?? at,
      lastSeen: at,
      isOver: false,
      counter,
    };
  }

  #goesOn(entry: Entry, incident: Incident, { at, totals }: Sighting): void {
    const counter = counterOf(incident, totals);
    const grown = Math.max(0, (counter ?? 0) - (entry.counter ?? 0));
    entry.incident = incident;
    entry.count += grown;
    entry.counter = counter;
    // What is counted lasts for as long as the count grows, though the window shows it for longer.
    if (counter === undefined || grown > 0 || incident.isUnderWay) entry.lastSeen = at;
  }

  #isOver(identity: string, entry: Entry): void {
    entry.isOver = true;
    this.#active.delete(identity);
    this.#past.set(identity, entry);
  }

  #forgetOldest(): void {
    for (const identity of this.#past.keys()) {
      if (this.#past.size <= MOST_KEPT) return;
      this.#past.delete(identity);
    }
  }

  #record(entry: Entry): IncidentRecord {
    const { incident, id, count, episodes, firstSeen, lastSeen, isOver } = entry;
    const last = this.#toDate(lastSeen).toISOString();
    return {
      ...incident,
      id,
      pool: this.#pool,
      severity: KINDS[incident.kind].severity,
      count,
      episodes,
      firstSeen: this.#toDate(firstSeen).toISOString(),
      lastSeen: last,
      overSince: isOver ? last : null,
      explainedBy: isOver ? [] : this.#causesOf(entry),
    };
  }

  #causesOf({ incident }: Entry): string[] {
    const { causes, isCausedBy = () => true } = KINDS[incident.kind];
    if (!causes) return [];
    return [...this.#active.values()]
      .filter((other) => causes.includes(other.incident.kind))
      .filter((other) => isCausedBy(other.incident, incident))
      .sort((a, b) => byCause(a.incident, b.incident))
      .map(({ id }) => id);
  }
}

function counterOf(incident: Incident, totals: PoolStats): number | undefined {
  return KINDS[incident.kind].occurrences?.(totals, incident);
}

/** It has not been told yet: the window may still show what is over. */
function isNews(past: Entry | undefined, incident: Incident, { totals }: Sighting): boolean {
  const counter = counterOf(incident, totals);
  return counter === undefined || incident.isUnderWay || counter > (past?.counter ?? -1);
}

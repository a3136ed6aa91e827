import { describeOwner } from '../context/describe-owner.ts';
import type { Advice, Owner, Pattern } from '../context/owner.ts';
import type { RepeatedStatement } from '../context/repeats.ts';
import { summarize } from '../statement/summarize.ts';

/** Of each pattern so many are remembered. */
const MOST_FINDINGS = 100;
const UNNAMED = 'one statement';

/** A statement that requests of one route repeat. */
export interface Finding extends Partial<Advice> {
  readonly route: string;
  readonly owner: string;
  readonly site: string | undefined;
  /** Who sent another statement last before it. */
  readonly after: string | undefined;
  readonly text: string;
  readonly inCheckout: boolean;
  requests: number;
  /** The most of one request: under way at once, or in all. */
  most: number;
  /** Of all requests. */
  calls: number;
  millis: number;
}

/** What one request has been counted for already. */
interface Counted {
  calls: number;
  millis: number;
}

/** Remembers which requests repeat which statements in one of the patterns. */
export class Findings {
  readonly #pattern: Pattern;
  #byText: Map<string, Finding> | undefined;
  /** The number goes up and down within one request, which counts once. */
  readonly #counted = new WeakMap<RepeatedStatement, Counted>();

  constructor(pattern: Pattern) {
    this.#pattern = pattern;
  }

  /** Returns what is found for the first time. */
  notice(route: string, statement: RepeatedStatement): Finding | undefined {
    const key = `${route}\n${statement.inCheckout}\n${statement.text}`;
    const known = this.#byText?.get(key);
    const finding = known ?? this.#find(key, route, statement);
    // Others of the same call, such as those that load its relations, are told of by the first.
    if (finding?.text === statement.text) this.#count(finding, statement);
    return known || finding?.text !== statement.text ? undefined : finding;
  }

  /** The costliest first. */
  list(): Finding[] {
    return [...new Set(this.#byText?.values())].sort((a, b) => costOf(b) - costOf(a));
  }

  #find(key: string, route: string, statement: RepeatedStatement): Finding | undefined {
    this.#byText ??= new Map();
    if (this.#byText.size >= MOST_FINDINGS) return undefined;
    const { latest, inCheckout, text, after } = statement;
    const last = latest.at(-1);
    const sites = sitesOf(latest);
    if (sites.length > 1 && this.#pattern === 'in-turn') {
      // Called from several places: no loop, or not yet.
      statement.lookAgain();
      return undefined;
    }
    const owner = last?.label ?? UNNAMED;
    const site = sites.join(', ') || undefined;
    const same = [...this.#byText.values()].find(
      (other) =>
        other.route === route &&
        other.owner === owner &&
        other.site === site &&
        other.inCheckout === inCheckout &&
        site !== undefined,
    );
    const finding: Finding = same ?? {
      route,
      owner,
      site,
      after: after && describeOwner(after),
      text,
      inCheckout,
      requests: 0,
      most: 0,
      calls: 0,
      millis: 0,
      ...last?.advise?.(latest, this.#pattern, after),
    };
    this.#byText.set(key, finding);
    return finding;
  }

  #count(finding: Finding, statement: RepeatedStatement): void {
    const { sent, underWay, busyMillis } = statement;
    let counted = this.#counted.get(statement);
    if (!counted || counted.calls > sent) {
      counted = { calls: 0, millis: 0 };
      this.#counted.set(statement, counted);
      finding.requests++;
    }
    finding.calls += sent - counted.calls;
    finding.millis += busyMillis - counted.millis;
    counted.calls = sent;
    counted.millis = busyMillis;
    const now = this.#pattern === 'at-once' ? underWay : sent;
    if (now > finding.most) finding.most = now;
  }
}

/** The places that the calls came from, as far as they were noted. */
function sitesOf(latest: readonly (Owner | undefined)[]): string[] {
  const sites = latest.map((owner) => (owner?.site ? `${owner.site}` : ''));
  return [...new Set(sites.filter((site) => site !== ''))];
}

function costOf({ requests, most }: Finding): number {
  return requests * most;
}

/** As it stands in the statistics. */
export function describeFinding({ text, ...rest }: Finding) {
  return { ...rest, statement: summarize(text) };
}

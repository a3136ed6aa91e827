import { describeOwner } from '../context/describe-owner.ts';
import type { Owner } from '../context/owner.ts';
import { isCertainlyRead } from './certainly-read.ts';
import { examine, type StatementClass, type StatementTraits } from './classify.ts';
import { summarize } from './summarize.ts';

/**
 * `short` statements share a connection; `medium` and `long` ones have nothing behind them, and the
 * long ones leave the last connection to the others. A text that is not known yet counts as medium,
 * one that may wait for row locks as long.
 */
export type Pace = 'short' | 'medium' | 'long';

/** Up to this a statement is short: nobody minds to wait behind it. */
export const SHORT_MILLIS = 10;
/** From this a statement is long: a page of reads should not wait behind one. */
const LONG_MILLIS = 40;

/**
 * An observation counts as this many times the mean at most, and a little more: a pause of this
 * process looks like a slow statement, and one pause must not make a short statement long.
 */
const MOST_SURPRISE = 4;
const SURPRISE_MILLIS = 1;

/** Weight of the newest observation: about the last ten count. */
const NEWEST = 0.2;

/** Of those who send a text so many are named. */
const MOST_SENDERS = 3;
/** Of the comments at its end so many are remembered: those that name a route, say, and not those of a trace. */
const MOST_VARIANTS = 4;

/** What the pool has learnt of one statement text, whatever comment stands at its end. */
export class StatementProfile {
  /** Without that comment. */
  readonly text: string;
  readonly traits: StatementTraits;
  /** Mean service time on the server, exponentially weighted; undefined until one was seen. */
  expectedMillis: number | undefined;
  executions = 0;
  errors = 0;
  totalMillis = 0;
  maxMillis = 0;
  #isCertainlyRead: boolean | undefined;
  #summary: string | undefined;
  #senders: string[] | undefined;
  /** How often it was sent with which comment, the oldest first. */
  #variants: Map<string, number> | undefined;

  constructor(text: string, traits = examine(text)) {
    this.text = text;
    this.traits = traits;
  }

  get class(): StatementClass {
    return this.traits.class;
  }

  /** It changes nothing, so that it may well be begun twice. */
  get isCertainlyRead(): boolean {
    this.#isCertainlyRead ??= isCertainlyRead(this.text);
    return this.#isCertainlyRead;
  }

  /** As it stands in reports. */
  get summary(): string {
    this.#summary ??= summarize(this.text);
    return this.#summary;
  }

  /** Owners that have sent it, with their call sites. */
  get senders(): readonly string[] {
    return this.#senders ?? [];
  }

  get pace(): Pace {
    const { expectedMillis } = this;
    // However quick it was last time: what stands behind it would wait for somebody's transaction.
    if (this.traits.mayWaitForLocks) return 'long';
    if (expectedMillis === undefined) return 'medium';
    if (expectedMillis <= SHORT_MILLIS) return 'short';
    return expectedMillis < LONG_MILLIS ? 'medium' : 'long';
  }

  /** Called before it is sent as `text`: whether just so it comes again and again, and has worked `uses` times. */
  isWorthPreparing(text: string, uses: number): boolean {
    const hasWorked = this.executions - this.errors >= uses;
    if (text === this.text) return hasWorked;
    this.#variants ??= new Map();
    const times = this.#variants.get(text) ?? 0;
    this.#variants.set(text, times + 1);
    if (this.#variants.size > MOST_VARIANTS) {
      const [oldest] = this.#variants.keys();
      if (oldest !== undefined) this.#variants.delete(oldest);
    }
    return hasWorked && times >= uses;
  }

  /** Looks at the 1st, 2nd, 4th, 8th … execution: to make a text of a call site costs a while. */
  sentBy(owner: Owner): void {
    const { executions } = this;
    if ((executions & (executions - 1)) !== 0) return;
    this.#senders ??= [];
    if (this.#senders.length >= MOST_SENDERS) return;
    const sender = describeOwner(owner);
    if (!this.#senders.includes(sender)) this.#senders.push(sender);
  }

  observe(serviceMillis: number): void {
    this.executions++;
    this.totalMillis += serviceMillis;
    if (serviceMillis > this.maxMillis) this.maxMillis = serviceMillis;
    const expected = this.expectedMillis;
    if (expected === undefined) {
      this.expectedMillis = serviceMillis;
      return;
    }
    const counted = Math.min(serviceMillis, expected * MOST_SURPRISE + SURPRISE_MILLIS);
    this.expectedMillis = expected + NEWEST * (counted - expected);
  }
}

/** Texts with literals in them are endless; more than these are forgotten, oldest first. */
const MOST_PROFILES = 2_000;
/** A text longer than this is not worth its memory as a key. */
const LONGEST_KEY = 16_384;
/** Of longer ones, inserts of thousands of rows for the most part, the latest are remembered: to read one takes milliseconds. */
const MOST_LONG_TEXTS = 4;
const LONGEST_REMEMBERED = 1_000_000;

export class StatementProfiles {
  readonly #profiles = new Map<string, StatementProfile>();
  /** The latest first. */
  #longTexts: readonly StatementProfile[] = [];

  of(text: string): StatementProfile {
    if (text.length > LONGEST_KEY) return this.#ofLong(text);
    const known = this.#profiles.get(text);
    if (known) return known;
    const shape = withoutComment(text);
    if (shape !== text) return this.of(shape);
    const profile = new StatementProfile(text);
    if (this.#profiles.size >= MOST_PROFILES) this.#forgetOldest();
    this.#profiles.set(text, profile);
    return profile;
  }

  /** Known again is only what it is: it is not worth preparing on every connection. */
  #ofLong(text: string): StatementProfile {
    const known = this.#longTexts.find((one) => one.text === text);
    const others = this.#longTexts.filter((one) => one !== known);
    const profile = new StatementProfile(text, known?.traits);
    if (text.length > LONGEST_REMEMBERED) return profile;
    this.#longTexts = [profile, ...others].slice(0, MOST_LONG_TEXTS);
    return profile;
  }

  all(): Iterable<StatementProfile> {
    return this.#profiles.values();
  }

  /** Those used only once go first: they are the texts with literals in them. */
  #forgetOldest(): void {
    let spare = MOST_PROFILES / 4;
    for (const [text, profile] of this.#profiles) {
      if (spare === 0) return;
      if (profile.executions > 1) continue;
      this.#profiles.delete(text);
      spare--;
    }
    for (const text of this.#profiles.keys()) {
      if (spare-- <= 0) return;
      this.#profiles.delete(text);
    }
  }
}

/**
 * A text without the comment at its end, in which programs put what changes from call to call, such as the trace of
 * sqlcommenter. What only might be one stays: in a string, in a line that is a comment, or around another one.
 */
function withoutComment(text: string): string {
  if (!text.endsWith('*/')) return text;
  const start = text.lastIndexOf('/*');
  const isWhole = start >= 0 && text.indexOf('*/', start + 2) === text.length - 2;
  return isWhole && !text.includes('--', start) ? text.slice(0, start).trimEnd() : text;
}

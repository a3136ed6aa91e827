import { CallSite, currentContext } from '@lifeguard/pool';
import { labelOf, type Operation, type OperationName } from '../extension/operation.ts';
import { now as systemNow } from '../transaction/now.ts';
import type { SlowTeller } from '../watch/slow-operations.ts';

/**
 * `always`: of every operation. `adaptive`: of those that may come to be told of. `never`: of none.
 * A note costs about 10 µs in the middle of a busy process.
 */
export type CallSites = 'always' | 'adaptive' | 'never';

/** The application's own frame often stands below a few of a library's. */
const FRAMES = 8;
/** Who takes as long as this does not feel the cost of a note. */
const SLOW_FROM_MILLIS = 2;
/** Under load everybody waits, and is slow: so many in a tenth of a second tell enough, for 1 % of a core. */
const MOST_SLOW_NOTES = 100;
const SLOW_NOTES_MILLIS = 100;
/** From the third call on, a request may be in a loop. */
const REPEATED_FROM = 3;
/** So many of the first calls are noted, so that something is known of each operation. */
const FIRST_CALLS = 10;
/** How fast a slow call is forgotten. */
const KEPT = 0.9;

/** All calls of one operation of one model, such as `Product.findMany`. */
export class OperationCalls implements OperationName {
  readonly model: string | undefined;
  readonly operation: string;
  readonly label: string;
  readonly #registry: CallRegistry;
  #calls = 0;
  #recentMillis = 0;
  #slowNotes = 0;
  #slowNotesSince = -Infinity;

  constructor(name: OperationName, registry: CallRegistry) {
    this.model = name.model;
    this.operation = name.operation;
    this.label = labelOf(name);
    this.#registry = registry;
  }

  /** A call has taken so long. */
  ended(operation: Operation, millis: number, hasFailed: boolean): void {
    this.#recentMillis = Math.max(millis, this.#recentMillis * KEPT);
    this.#registry.ended(operation, millis, hasFailed);
  }

  /** Where the caller of `above`, which is on the stack, stands, if that is worth its cost. */
  // biome-ignore lint/complexity/noBannedTypes: any function will do
  site(above: Function): CallSite | undefined {
    return this.#isWorthwhile() ? new CallSite(above, FRAMES) : undefined;
  }

  #isWorthwhile(): boolean {
    const { callSites } = this.#registry;
    if (callSites !== 'adaptive') return callSites === 'always';
    const context = currentContext();
    // Whatever is done while a connection is held may be why it is held.
    if (context?.hold?.checkout || this.#isSlowAndFew()) return true;
    if (this.#calls < FIRST_CALLS) {
      this.#calls++;
      return true;
    }
    const asked = context?.request?.asksFor(this.label);
    return asked !== undefined && asked >= REPEATED_FROM;
  }

  #isSlowAndFew(): boolean {
    if (this.#recentMillis < SLOW_FROM_MILLIS) return false;
    const now = this.#registry.now();
    if (now - this.#slowNotesSince >= SLOW_NOTES_MILLIS) {
      this.#slowNotesSince = now;
      this.#slowNotes = 0;
    }
    this.#slowNotes++;
    return this.#slowNotes <= MOST_SLOW_NOTES;
  }
}

/** The registry of operations that an application has called. */
export class CallRegistry {
  readonly callSites: CallSites;
  readonly now: () => number;
  readonly #slow: SlowTeller | undefined;
  readonly #registry = new Map<string, OperationCalls>();

  /** `slow`: told of operations that take long. */
  constructor(callSites: CallSites, slow?: SlowTeller, now = systemNow) {
    this.callSites = callSites;
    this.now = now;
    this.#slow = slow;
  }

  /** A call, or a `$transaction`, has taken so long. */
  ended(operation: Operation, millis: number, hasFailed: boolean): void {
    if (this.#slow && millis >= this.#slow.thresholdMillis) {
      this.#slow.tell(operation, millis, hasFailed);
    }
  }

  /** A transaction holds a connection: whatever else it does, where it began is worth knowing. */
  // biome-ignore lint/complexity/noBannedTypes: any function will do
  siteOfTransaction(above: Function): CallSite | undefined {
    return this.callSites === 'never' ? undefined : new CallSite(above, FRAMES);
  }

  of(name: OperationName): OperationCalls {
    const label = labelOf(name);
    let calls = this.#registry.get(label);
    if (!calls) {
      calls = new OperationCalls(name, this);
      this.#registry.set(label, calls);
    }
    return calls;
  }
}

import { CallSite, currentContext } from '@lifeguard/pool';
import { labelOf, type OperationName } from '../extension/operation.ts';

/**
 * `always`: of every operation. `adaptive`: of those that may come to be told of. `never`: of none.
 * A note costs about 10 µs in the middle of a busy process.
 */
export type CallSites = 'always' | 'adaptive' | 'never';

/** The application's own frame often stands below a few of a library's. */
const FRAMES = 8;
/** Who takes as long as this does not feel the cost of a note. */
const SLOW_FROM_MILLIS = 2;
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
  readonly #callSites: CallSites;
  #calls = 0;
  #recentMillis = 0;

  constructor(name: OperationName, callSites: CallSites) {
    this.model = name.model;
    this.operation = name.operation;
    this.label = labelOf(name);
    this.#callSites = callSites;
  }

  /** How long a call took. */
  took(millis: number): void {
    this.#recentMillis = Math.max(millis, this.#recentMillis * KEPT);
  }

  /** Where the caller of `above`, which is on the stack, stands, if that is worth its cost. */
  // biome-ignore lint/complexity/noBannedTypes: any function will do
  site(above: Function): CallSite | undefined {
    return this.#isWorthwhile() ? new CallSite(above, FRAMES) : undefined;
  }

  #isWorthwhile(): boolean {
    if (this.#callSites !== 'adaptive') return this.#callSites === 'always';
    const context = currentContext();
    // Whatever is done while a connection is held may be why it is held.
    if (context?.hold?.checkout || this.#recentMillis >= SLOW_FROM_MILLIS) return true;
    if (this.#calls < FIRST_CALLS) {
      this.#calls++;
      return true;
    }
    const asked = context?.request?.asksFor(this.label);
    return asked !== undefined && asked >= REPEATED_FROM;
  }
}

/** The registry of operations that an application has called. */
export class CallRegistry {
  readonly #callSites: CallSites;
  readonly #registry = new Map<string, OperationCalls>();

  constructor(callSites: CallSites) {
    this.#callSites = callSites;
  }

  /** A transaction holds a connection: whatever else it does, where it began is worth knowing. */
  // biome-ignore lint/complexity/noBannedTypes: any function will do
  siteOfTransaction(above: Function): CallSite | undefined {
    return this.#callSites === 'never' ? undefined : new CallSite(above, FRAMES);
  }

  of(name: OperationName): OperationCalls {
    const label = labelOf(name);
    let calls = this.#registry.get(label);
    if (!calls) {
      calls = new OperationCalls(name, this.#callSites);
      this.#registry.set(label, calls);
    }
    return calls;
  }
}

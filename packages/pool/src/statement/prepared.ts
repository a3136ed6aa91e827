import { randomBytes } from 'node:crypto';

/** A statement is prepared when it comes for this many a time: a first use seldom has a second. */
export const USES_BEFORE_PREPARING = 3;

/** Of this process: so many bits that no two that meet behind one pooler have the same. */
const PROCESS = randomBytes(6).toString('hex');
let count = 0;

/**
 * Used once, by whatever connection of whatever process. A pooler that shares sessions among its clients and knows nothing of
 * names would else run the text that another client has prepared by it.
 */
function newName(): string {
  return `lifeguard_${PROCESS}_${++count}`;
}

/** What to write to the server for one prepared statement. */
export interface PreparedUse {
  readonly name: string;
  /** True: the server does not know it yet, so it has to be parsed first. */
  readonly fresh: boolean;
  /** Names that the server may forget. */
  readonly close: readonly string[];
}

/**
 * The statements prepared on one connection: bounded, the least recently used is closed first.
 *
 * A name is never used twice, so that nothing that is still under way can meet another text.
 */
export class PreparedStatements {
  readonly #capacity: number;
  /** In order of use, the oldest first. */
  readonly #names = new Map<string, string>();
  #toClose: string[] = [];

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  use(text: string): PreparedUse {
    const known = this.#names.get(text);
    if (known !== undefined) {
      this.#names.delete(text);
      this.#names.set(text, known);
      return { name: known, fresh: false, close: this.#takeClosed() };
    }
    if (this.#names.size >= this.#capacity) {
      const [oldest] = this.#names.keys();
      if (oldest !== undefined) this.forget(oldest);
    }
    const name = newName();
    this.#names.set(text, name);
    return { name, fresh: true, close: this.#takeClosed() };
  }

  /** After an error nobody knows whether the server has it: it is closed and made anew. */
  forget(text: string): void {
    const name = this.#names.get(text);
    if (name === undefined) return;
    this.#names.delete(text);
    this.#toClose.push(name);
  }

  /** The same of all of them. */
  forgetAll(): void {
    for (const text of [...this.#names.keys()]) this.forget(text);
  }

  /** The server has forgotten all of them. */
  clear(): void {
    this.#names.clear();
    this.#toClose = [];
  }

  #takeClosed(): readonly string[] {
    if (this.#toClose.length === 0) return NONE;
    const names = this.#toClose;
    this.#toClose = [];
    return names;
  }
}

const NONE: readonly string[] = [];

/** Whether an error says that a prepared statement went stale; then the statement did not run. */
export function isStalePlan(error: Error & { code?: string; routine?: string }): boolean {
  if (isUnknownName(error)) return true;
  // "cached plan must not change result type", in the language of the server; pgjdbc asks so as well.
  return error.code === '0A000' && error.routine === 'RevalidateCachedQuery';
}

/** Whether the session does not know a name; then the statement did not run. */
export function isUnknownName(error: Error & { code?: string }): boolean {
  return error.code === '26000';
}

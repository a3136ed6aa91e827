import type { CallOptions } from './call.ts';
import type { Callers } from './callers.ts';
import type { Hold } from './hold.ts';
import type { HolderKind } from './texts.ts';

/** What a caller's code does with a connection, from `connect` to `release`. */
export interface Script {
  readonly says: readonly HolderKind[];
  /** Which answers it waits for before it goes on: all, none, or all but the last. */
  readonly awaits: 'all' | 'none' | 'all but the last';
  /** After an error it says ROLLBACK, or leaves that to the pool, or goes on. */
  readonly atError: 'rolls back' | 'gives back' | 'goes on';
  readonly gives: 'back' | 'back with an error' | 'nothing';
  /** It goes on in pg's own callback, and does not wait for its turn. */
  readonly isPrompt: boolean;
  readonly options: CallOptions;
}

/** A caller that goes on by itself as it gets its answers. */
export class Program {
  readonly #callers: Callers;
  readonly #script: Script;
  readonly #left: HolderKind[];
  #hold: Hold | undefined;

  constructor(callers: Callers, script: Script) {
    this.#callers = callers;
    this.#script = script;
    this.#left = [...script.says];
  }

  start(): void {
    this.#callers.checkout(this.#script.options, (_, hold) => {
      this.#hold = hold;
      if (!hold) return;
      hold.isDriven = true;
      this.#goOn();
    });
  }

  #goOn(): void {
    const { options, awaits } = this.#script;
    for (let kind = this.#left.shift(); kind; kind = this.#left.shift()) {
      const isAwaited = awaits === 'all' || (awaits !== 'none' && this.#left.length > 0);
      const hold = this.#hold;
      if (!hold || hold.isOver) return;
      const deadline = { deadlineMillis: options.deadlineMillis };
      if (!isAwaited) {
        this.#callers.say(hold, kind, deadline);
        continue;
      }
      this.#callers.say(hold, kind, deadline, (error) => this.#answered(error));
      return;
    }
    this.#leave();
  }

  #answered(error: Error | undefined): void {
    const { atError, isPrompt } = this.#script;
    if (error && atError !== 'goes on') {
      const isIn = this.#hold?.transaction !== undefined;
      this.#left.length = 0;
      if (isIn && atError === 'rolls back') this.#left.push('rollback');
    }
    if (isPrompt) this.#goOn();
    else queueMicrotask(() => this.#goOn());
  }

  #leave(): void {
    const { gives } = this.#script;
    const hold = this.#hold;
    if (!hold || hold.isOver) return;
    if (gives === 'nothing') hold.isDriven = false;
    else
      this.#callers.release(hold, gives === 'back' ? undefined : new Error('it is done with it'));
  }
}

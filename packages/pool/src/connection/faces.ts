import type { Conversation } from '../checkout/conversation.ts';
import type { ObservedClient } from './observed-client.ts';
import { secondFace } from './second-face.ts';

/** The objects under which holders know one client, and who has which: mostly one, two for a moment. */
export class Faces {
  readonly #client: ObservedClient;
  #first: ObservedClient;
  #second: ObservedClient | undefined;
  #onFirst: Conversation | undefined;
  #onSecond: Conversation | undefined;

  constructor(client: ObservedClient) {
    this.#client = client;
    this.#first = client;
  }

  /** There is one for the next holder. */
  get isFree(): boolean {
    return !this.#onFirst || !this.#onSecond;
  }

  /** Somebody has gone on without the connection, and has not given it back yet. */
  get hasParted(): boolean {
    return Boolean(this.#onFirst?.hasParted || this.#onSecond?.hasParted);
  }

  get isHolding(): boolean {
    return Boolean(this.#onFirst?.isHolding || this.#onSecond?.isHolding);
  }

  speakerOf(face: ObservedClient): Conversation | undefined {
    if (face === this.#first) return this.#onFirst;
    return face === this.#second ? this.#onSecond : undefined;
  }

  lend(to: (face: ObservedClient) => Conversation): Conversation {
    if (!this.#onFirst) {
      this.#onFirst = to(this.#first);
      return this.#onFirst;
    }
    this.#second ??= secondFace(this.#client);
    this.#onSecond = to(this.#second);
    return this.#onSecond;
  }

  leave(holder: Conversation): void {
    if (this.#onFirst === holder) this.#onFirst = undefined;
    if (this.#onSecond === holder) this.#onSecond = undefined;
  }

  /**
   * The session is as if it were new, and so has to be the client: libraries prepare each one that they see for
   * the first time. What somebody still has stays his.
   */
  renew(): void {
    if (!this.#onFirst) this.#first = secondFace(this.#client);
    if (!this.#onSecond) this.#second = undefined;
  }

  refuseLate(now: number): void {
    this.#onFirst?.refuseLate(now);
    this.#onSecond?.refuseLate(now);
  }

  resume(): void {
    this.#onFirst?.resume();
    this.#onSecond?.resume();
  }
}

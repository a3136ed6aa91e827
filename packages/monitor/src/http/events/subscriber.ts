export interface SubscriberSource {
  /** The number of the newest tick. */
  newest(): number;
  /** An event with all that came after that tick. */
  after(tick: number): Uint8Array;
}

/**
 * One client of the event stream. It is given the newest state when it asks, never a backlog: a slow one
 * skips what came in between, and what is kept for it is one event at most.
 */
export class Subscriber {
  readonly stream: ReadableStream<Uint8Array>;
  /** When the session ends by which it may look, in milliseconds since 1970. */
  readonly expiresAt: number;
  readonly #source: SubscriberSource;
  #controller: ReadableStreamDefaultController<Uint8Array> | undefined;
  /** The last tick that it was given. */
  #given: number;
  #hasAsked = false;
  #isOver = false;
  /** Since when it has not asked for more; undefined while it waits for us. */
  #silentSince: number;

  constructor(
    source: SubscriberSource,
    options: {
      readonly greeting: Uint8Array;
      readonly given: number;
      readonly expiresAt: number;
      readonly now: () => number;
      readonly onLeave: (subscriber: Subscriber) => void;
    },
  ) {
    const { greeting, given, expiresAt, now, onLeave } = options;
    this.#source = source;
    this.#given = given;
    this.expiresAt = expiresAt;
    this.#silentSince = now();
    this.stream = new ReadableStream(
      {
        start: (controller) => {
          this.#controller = controller;
          controller.enqueue(greeting);
        },
        pull: () => {
          this.#hasAsked = true;
          this.offer(now());
        },
        cancel: () => {
          this.#isOver = true;
          onLeave(this);
        },
      },
      { highWaterMark: 0 },
    );
  }

  /** Gives it what is new, if it has asked for it. */
  offer(now: number): void {
    if (!this.#hasAsked || this.#isOver) return;
    const newest = this.#source.newest();
    if (newest === this.#given) return;
    const event = this.#source.after(this.#given);
    this.#given = newest;
    this.#hasAsked = false;
    this.#silentSince = now;
    this.#controller?.enqueue(event);
  }

  /** For how long it has left what it was given where it is. */
  silentMillis(now: number): number {
    return this.#hasAsked ? 0 : now - this.#silentSince;
  }

  end(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#controller?.close();
  }
}

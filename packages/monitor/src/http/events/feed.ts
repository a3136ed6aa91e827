import { encodeEvent } from './event.ts';
import { Subscriber } from './subscriber.ts';

/** A client that has not taken what it was given for so long is gone or too slow. */
const LONGEST_SILENCE_MILLIS = 30_000;

export interface FeedOptions {
  /** Clients at once. */
  readonly maxClients: number;
  /** Tells this process from the one before, whose ticks had the same numbers. */
  readonly boot: string;
  /** On a clock that only goes forward. */
  readonly now: () => number;
  readonly wall: () => number;
  /** What came after that tick, as JSON has it; everything after tick 0. */
  readonly read: (afterTick: number) => unknown;
}

export interface Subscription {
  /** What the client had when its connection broke: the id of an event, or nothing. */
  readonly lastEventId: string | null;
  /** Said once, before all else. */
  readonly greeting: unknown;
  readonly expiresAt?: number | undefined;
}

/** The event stream: one state, serialised once a tick for all clients that have the tick before. */
export class Feed {
  readonly #options: FeedOptions;
  readonly #subscribers = new Set<Subscriber>();
  #tick = 0;
  /** Events of this tick, by the tick that their readers have already. */
  readonly #events = new Map<number, Uint8Array>();

  constructor(options: FeedOptions) {
    this.#options = options;
  }

  get clients(): number {
    return this.#subscribers.size;
  }

  /** There is something new: `tick` is its number, higher than the last. */
  publish(tick: number): void {
    this.#tick = tick;
    this.#events.clear();
    const now = this.#options.now();
    const wall = this.#options.wall();
    for (const subscriber of this.#subscribers) {
      const isLate = subscriber.silentMillis(now) >= LONGEST_SILENCE_MILLIS;
      if (isLate || subscriber.expiresAt <= wall) this.#drop(subscriber);
      else subscriber.offer(now);
    }
  }

  /** A stream for a client; undefined when there are too many already. */
  subscribe({ lastEventId, greeting, expiresAt }: Subscription): ReadableStream | undefined {
    if (this.#subscribers.size >= this.#options.maxClients) return undefined;
    const subscriber = new Subscriber(
      { newest: () => this.#tick, after: (tick) => this.#after(tick) },
      {
        greeting: encodeEvent('hello', greeting),
        given: this.#tickOf(lastEventId),
        expiresAt: expiresAt ?? Number.POSITIVE_INFINITY,
        now: this.#options.now,
        onLeave: (gone) => this.#subscribers.delete(gone),
      },
    );
    this.#subscribers.add(subscriber);
    return subscriber.stream;
  }

  close(): void {
    for (const subscriber of this.#subscribers) this.#drop(subscriber);
  }

  #drop(subscriber: Subscriber): void {
    this.#subscribers.delete(subscriber);
    subscriber.end();
  }

  #after(tick: number): Uint8Array {
    let event = this.#events.get(tick);
    if (!event) {
      const id = `${this.#options.boot}-${this.#tick}`;
      event = encodeEvent('state', this.#options.read(tick), id);
      this.#events.set(tick, event);
    }
    return event;
  }

  /** Of another process, or nonsense: nothing that we know. */
  #tickOf(id: string | null): number {
    const [boot, tick = ''] = id?.split('-', 2) ?? [];
    if (boot !== this.#options.boot || !/^\d{1,15}$/.test(tick)) return 0;
    return Number(tick) <= this.#tick ? Number(tick) : 0;
  }
}

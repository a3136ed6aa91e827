import type { Bus, BusSubscription } from '../bus/bus.ts';
import type { WallClock } from '../time/wall-clock.ts';

const RETRY_MILLIS = 1_000;
/** More than that is told in vain: the others validate every session again before long. */
const MAX_UNTOLD = 10_000;
/** By how much the clocks of two processes may differ. */
const MAX_SKEW_MILLIS = 5_000;

export interface AnnouncerListener {
  revoked(key: string, at: number): void;
  /** Revocations of others may have been missed. */
  missed(): void;
  failed(error: unknown): void;
}

/** Tells the other processes what is revoked, and hears it from them. */
export class Announcer {
  readonly #bus: Bus;
  readonly #channel: string;
  readonly #clock: WallClock;
  readonly #listener: AnnouncerListener;
  readonly #subscription: BusSubscription;
  readonly #untold = new Map<string, number>();
  #cancelRetry: (() => void) | undefined;

  constructor(bus: Bus, channel: string, clock: WallClock, listener: AnnouncerListener) {
    this.#bus = bus;
    this.#channel = channel;
    this.#clock = clock;
    this.#listener = listener;
    this.#subscription = bus.subscribe(channel, {
      message: (text) => this.#hear(text),
      restored: () => {
        listener.missed();
        void this.#tellRest();
      },
    });
  }

  get ready(): Promise<void> {
    return this.#subscription.ready;
  }

  /** Returns whether the bus took it; if not, it is told as soon as possible. */
  async tell(key: string, at: number): Promise<boolean> {
    try {
      await this.#bus.publish(this.#channel, JSON.stringify({ key, at }));
    } catch (error) {
      this.#untold.set(key, at);
      const [oldest] = this.#untold.keys();
      if (this.#untold.size > MAX_UNTOLD && oldest !== undefined) this.#untold.delete(oldest);
      this.#retryLater();
      this.#listener.failed(error);
      return false;
    }
    if (this.#untold.size > 0) void this.#tellRest();
    return true;
  }

  close(): void {
    this.#subscription.unsubscribe();
    this.#cancelRetry?.();
  }

  async #tellRest(): Promise<void> {
    for (const [key, at] of this.#untold) {
      try {
        await this.#bus.publish(this.#channel, JSON.stringify({ key, at }));
      } catch {
        this.#retryLater();
        return;
      }
      this.#untold.delete(key);
    }
  }

  #retryLater(): void {
    this.#cancelRetry ??= this.#clock.after(
      RETRY_MILLIS,
      () => {
        this.#cancelRetry = undefined;
        void this.#tellRest();
      },
      { isBackground: true },
    );
  }

  #hear(text: string): void {
    const message = read(text);
    if (!message) return;
    const now = this.#clock.now();
    // As the sender saw it, so that a sign-in right after it is none of those that it reaches; but whatever its
    // clock says, not long ago and not in the future.
    const at = Math.min(now, Math.max(now - MAX_SKEW_MILLIS, message.at));
    this.#listener.revoked(message.key, at);
  }
}

/** Undefined for what is not ours: a channel is open to everybody. */
function read(text: string): { readonly key: string; readonly at: number } | undefined {
  try {
    const message = JSON.parse(text);
    const isOurs = typeof message?.key === 'string' && Number.isFinite(message.at);
    return isOurs ? message : undefined;
  } catch {
    return undefined;
  }
}

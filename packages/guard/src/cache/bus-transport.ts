import { randomUUID } from 'node:crypto';
import type { Bus, BusSubscription } from '../bus/bus.ts';
import type { StoreListener } from './store.ts';

/** What bentocache says to its other instances. */
type Payload = unknown;

/** What we say: bentocache's words, which keys and tags were dropped, all, or that something was. */
type Message =
  | { readonly from: string; readonly bento: Payload }
  | { readonly from: string; readonly keys: readonly string[]; readonly tags: readonly string[] }
  | { readonly from: string; readonly all: true }
  | { readonly from: string; readonly some: true };

/** Messages longer than that would not pass NOTIFY. */
const MAX_BYTES = 7_500;

/** bentocache's bus over ours, and beside it which keys and tags were dropped, for whoever loads them now. */
export class BusTransport {
  readonly #bus: Bus;
  readonly #channel: string;
  readonly #listener: StoreListener;
  /** What bentocache would say to have its memory emptied. */
  readonly #clearMessage: Payload;
  readonly #id = randomUUID();
  #handler: (payload: Payload) => unknown = () => {};
  #subscription: BusSubscription | undefined;
  #isUntold = false;

  constructor(bus: Bus, channel: string, prefix: string, listener: StoreListener) {
    this.#bus = bus;
    this.#channel = channel;
    this.#listener = listener;
    this.#clearMessage = { type: 'clear', keys: [], namespace: prefix };
  }

  setId(): this {
    return this;
  }

  onReconnect(): void {}

  /** Does not wait for the bus: bentocache would, with whoever asked for it. */
  async publish(_channel: string, bento: Payload): Promise<void> {
    this.#send({ from: this.#id, bento }).catch((error) => this.#untold(error));
  }

  async subscribe(_channel: string, handler: (payload: never) => unknown): Promise<void> {
    this.#handler = handler as (payload: Payload) => unknown;
    this.#subscription = this.#bus.subscribe(this.#channel, {
      message: (text) => this.#hear(text),
      restored: () => this.#restored(),
    });
  }

  async unsubscribe(): Promise<void> {
    this.#subscription?.unsubscribe();
  }

  async disconnect(): Promise<void> {
    this.#subscription?.unsubscribe();
  }

  /** Tells the others what was dropped; if that fails, as soon as we can that something was. */
  async tell(keys: readonly string[], tags: readonly string[]): Promise<void> {
    await this.#tell({ from: this.#id, keys, tags });
  }

  async tellAll(): Promise<void> {
    await this.#tell({ from: this.#id, all: true });
  }

  /** Empties the memory of this process, and nothing else. */
  clearMemory(): void {
    this.#handler(this.#clearMessage);
  }

  async #tell(message?: Message): Promise<void> {
    try {
      if (this.#isUntold) await this.#send({ from: this.#id, some: true });
      this.#isUntold = false;
      if (message) await this.#send(message);
    } catch (error) {
      this.#untold(error);
    }
  }

  #untold(error: unknown): void {
    this.#isUntold = true;
    this.#listener.failed(error);
  }

  async #send(message: Message): Promise<void> {
    const text = JSON.stringify(message);
    const isShort = Buffer.byteLength(text) <= MAX_BYTES;
    await this.#bus.publish(
      this.#channel,
      isShort ? text : JSON.stringify({ from: this.#id, some: true }),
    );
  }

  #restored(): void {
    this.#missed();
    void this.#tell();
  }

  /** Others dropped something, and we do not know what. The second level does. */
  #missed(): void {
    this.clearMemory();
    this.#listener.missed();
  }

  #hear(text: string): void {
    const message = read(text);
    if (!message || message.from === this.#id) return;
    if ('bento' in message) {
      this.#handler(message.bento);
    } else if ('keys' in message) {
      this.#listener.invalidated(message.keys, message.tags);
    } else if ('all' in message) {
      this.#listener.cleared();
    } else {
      this.#missed();
    }
  }
}

/** Undefined for what is not ours: a channel is open to everybody. */
function read(text: string): Message | undefined {
  try {
    const message = JSON.parse(text);
    return typeof message?.from === 'string' ? message : undefined;
  } catch {
    return undefined;
  }
}

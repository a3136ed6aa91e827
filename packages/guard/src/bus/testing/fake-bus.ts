import type { Bus, BusListener, BusSubscription } from '../bus.ts';

/** What the processes of a test have in common. */
export class FakeNetwork {
  readonly #buses = new Set<FakeBus>();

  /** The bus of one process. */
  bus(): FakeBus {
    const bus = new FakeBus(this.#buses);
    this.#buses.add(bus);
    return bus;
  }
}

/** Hears at once what any process on the network publishes, unless its connection is cut. */
export class FakeBus implements Bus {
  readonly #others: ReadonlySet<FakeBus>;
  readonly #listeners = new Map<string, Set<BusListener>>();
  readonly published: string[] = [];
  #isCut = false;

  constructor(others: ReadonlySet<FakeBus>) {
    this.#others = others;
  }

  async publish(channel: string, text: string): Promise<void> {
    if (this.#isCut) throw new Error('no connection');
    this.published.push(text);
    for (const bus of this.#others) bus.#hear(channel, text);
  }

  subscribe(channel: string, listener: BusListener): BusSubscription {
    const listeners = this.#listeners.get(channel) ?? new Set();
    this.#listeners.set(channel, listeners.add(listener));
    return { ready: Promise.resolve(), unsubscribe: () => void listeners.delete(listener) };
  }

  async close(): Promise<void> {
    this.#listeners.clear();
  }

  cut(): void {
    this.#isCut = true;
  }

  restore(): void {
    this.#isCut = false;
    for (const listeners of this.#listeners.values()) {
      for (const listener of listeners) listener.restored?.();
    }
  }

  #hear(channel: string, text: string): void {
    if (this.#isCut) return;
    for (const listener of this.#listeners.get(channel) ?? []) listener.message(text);
  }
}

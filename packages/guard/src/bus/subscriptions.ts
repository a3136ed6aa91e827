import type { BusListener, BusSubscription } from './bus.ts';

/** One connection that hears what is published. */
export interface Link {
  /** Rejects when the connection is lost, which somebody else notices as well. */
  listen(channels: readonly string[]): Promise<void>;
  unlisten(channel: string): Promise<void>;
}

interface Channel {
  readonly listeners: Set<BusListener>;
  readonly ready: Promise<void>;
  readonly setReady: () => void;
}

/** Who listens to what, over one connection after the other. */
export class Subscriptions {
  readonly #channels = new Map<string, Channel>();
  #link: Link | undefined;
  /** Channels that the present connection listens to. */
  #heard = new Set<string>();
  #isCatchingUp = false;
  #wasLost = false;

  get isEmpty(): boolean {
    return this.#channels.size === 0;
  }

  add(name: string, listener: BusListener): BusSubscription {
    const channel = this.#channels.get(name) ?? this.#open(name);
    channel.listeners.add(listener);
    void this.#catchUp();
    return {
      ready: channel.ready,
      unsubscribe: () => {
        channel.listeners.delete(listener);
        if (channel.listeners.size > 0 || this.#channels.get(name) !== channel) return;
        this.#channels.delete(name);
        if (this.#heard.delete(name)) this.#link?.unlisten(name).catch(() => {});
      },
    };
  }

  hear(name: string, text: string): void {
    for (const listener of this.#channels.get(name)?.listeners ?? []) listener.message(text);
  }

  /** A connection that listens to nothing yet. */
  connected(link: Link): void {
    this.#link = link;
    this.#heard = new Set();
    void this.#catchUp();
  }

  lost(): void {
    this.#wasLost ||= this.#heard.size > 0;
    this.#link = undefined;
  }

  #open(name: string): Channel {
    const { promise: ready, resolve: setReady } = withResolver();
    const channel = { listeners: new Set<BusListener>(), ready, setReady };
    this.#channels.set(name, channel);
    return channel;
  }

  /** Listens to whatever is not listened to yet; more may be added while it waits for the server. */
  async #catchUp(): Promise<void> {
    if (this.#isCatchingUp) return;
    this.#isCatchingUp = true;
    try {
      for (let link = this.#link; link; link = this.#link) {
        const missing = [...this.#channels.keys()].filter((name) => !this.#heard.has(name));
        if (missing.length === 0) break;
        const heard = this.#heard;
        await link.listen(missing).then(
          () => this.#nowHeard(missing, heard, link),
          () => this.#forget(link),
        );
      }
    } finally {
      this.#isCatchingUp = false;
    }
    if (!this.#link || !this.#wasLost) return;
    this.#wasLost = false;
    for (const { listeners } of this.#channels.values()) {
      for (const listener of listeners) listener.restored?.();
    }
  }

  #nowHeard(names: readonly string[], heard: Set<string>, link: Link): void {
    // Another connection has come in between: what this one listened to is gone.
    if (heard !== this.#heard) return;
    for (const name of names) {
      const channel = this.#channels.get(name);
      // Whoever wanted it has gone meanwhile.
      if (!channel) {
        link.unlisten(name).catch(() => {});
        continue;
      }
      heard.add(name);
      channel.setReady();
    }
  }

  #forget(link: Link): void {
    if (this.#link === link) this.lost();
  }
}

function withResolver(): { promise: Promise<void>; resolve: () => void } {
  let resolve = () => {};
  const promise = new Promise<void>((fulfil) => {
    resolve = fulfil;
  });
  return { promise, resolve };
}

import type { Greeting, State } from '../wire.ts';
import { pauseAfter } from './back-off.ts';

/** The server says something every second: after such a silence the line is dead. */
const LONGEST_SILENCE_MILLIS = 10_000;
/** A page that nobody has looked at for so long gives its seat back. */
const HIDDEN_MILLIS = 60_000;

export interface Listener {
  greeted(greeting: Greeting): void;
  /** `isSameProcess`: as the state before. */
  received(state: State, isSameProcess: boolean): void;
  /** `retryAt`: when it is tried again, on `Date.now()`'s clock; undefined while it is. */
  lost(retryAt: number | undefined): void;
  /** The tab is hidden; it goes on when it is shown. */
  paused(): void;
  /** Who looks must sign in again. */
  refused(): void;
}

/** Keeps the event stream open: begins again after every end, from where it was. */
export class Connection {
  readonly #listener: Listener;
  #source: EventSource | undefined;
  #lastId = '';
  #attempts = 0;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #silence: ReturnType<typeof setTimeout> | undefined;
  #hidden: ReturnType<typeof setTimeout> | undefined;

  constructor(listener: Listener) {
    this.#listener = listener;
  }

  start(): void {
    document.addEventListener('visibilitychange', () => this.#onVisibility());
    addEventListener('online', () => this.tryNow());
    this.#open();
  }

  /** Doesn't wait for its turn. */
  tryNow(): void {
    if (this.#source) return;
    clearTimeout(this.#retry);
    this.#listener.lost(undefined);
    this.#open();
  }

  #open(): void {
    // Relative to the page's own address, whatever that is. EventSource's own retry would not say when.
    const source = new EventSource(this.#lastId ? `?events&after=${this.#lastId}` : '?events');
    this.#source = source;
    this.#listen();
    source.addEventListener('hello', ({ data }) => {
      this.#attempts = 0;
      this.#listener.greeted(JSON.parse(data) as Greeting);
      this.#listen();
    });
    source.addEventListener('state', ({ data, lastEventId }) => {
      const isSameProcess = bootOf(lastEventId) === bootOf(this.#lastId);
      this.#lastId = lastEventId;
      this.#listener.received(JSON.parse(data) as State, isSameProcess);
      this.#listen();
    });
    source.addEventListener('error', () => this.#lose());
  }

  #listen(): void {
    clearTimeout(this.#silence);
    this.#silence = setTimeout(() => this.#lose(), LONGEST_SILENCE_MILLIS);
  }

  #lose(): void {
    this.#close();
    const pause = pauseAfter(this.#attempts++, Math.random());
    this.#listener.lost(Date.now() + pause);
    this.#retry = setTimeout(() => this.tryNow(), pause);
    // EventSource doesn't tell why: a session may be over.
    if (this.#attempts > 1) this.#askWhy();
  }

  async #askWhy(): Promise<void> {
    const answer = await fetch('?snapshot', { method: 'HEAD' }).catch(() => undefined);
    if (answer?.status === 401 || answer?.status === 403) {
      clearTimeout(this.#retry);
      this.#listener.refused();
    }
  }

  #close(): void {
    this.#source?.close();
    this.#source = undefined;
    clearTimeout(this.#silence);
    clearTimeout(this.#retry);
  }

  #onVisibility(): void {
    clearTimeout(this.#hidden);
    if (document.visibilityState === 'visible') {
      this.tryNow();
      return;
    }
    this.#hidden = setTimeout(() => {
      this.#close();
      this.#listener.paused();
    }, HIDDEN_MILLIS);
  }
}

/** Which process an event is from. */
function bootOf(id: string): string {
  return id.split('-')[0] ?? '';
}

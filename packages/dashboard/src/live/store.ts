import type { Greeting, Snapshot } from '../wire.ts';
import { Connection } from './connection.ts';
import { type History, join, NO_HISTORY } from './history.ts';

export type Line =
  | { readonly is: 'opening' }
  | { readonly is: 'live' }
  | { readonly is: 'lost'; readonly since: number; readonly retryAt: number | undefined }
  | { readonly is: 'paused' }
  | { readonly is: 'refused' };

/** All that the page shows. */
export interface View {
  readonly line: Line;
  readonly greeting: Greeting | undefined;
  readonly snapshot: Snapshot | undefined;
  readonly history: History;
}

/** Holds the view, and tells when it changes. */
export class Store {
  #view: View = {
    line: { is: 'opening' },
    greeting: undefined,
    snapshot: undefined,
    history: NO_HISTORY,
  };
  readonly #listeners = new Set<() => void>();
  readonly #connection = new Connection({
    greeted: (greeting) => this.#set({ greeting }),
    received: ({ snapshot, series }, isSameProcess) =>
      this.#set({
        line: { is: 'live' },
        snapshot,
        history: join(this.#view.history, series, isSameProcess),
      }),
    lost: (retryAt) => {
      const { line } = this.#view;
      const since = line.is === 'lost' ? line.since : Date.now();
      this.#set({ line: { is: 'lost', since, retryAt } });
    },
    paused: () => this.#set({ line: { is: 'paused' } }),
    refused: () => this.#set({ line: { is: 'refused' } }),
  });

  get view(): View {
    return this.#view;
  }

  start(): void {
    this.#connection.start();
  }

  tryNow(): void {
    this.#connection.tryNow();
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #set(change: Partial<View>): void {
    this.#view = { ...this.#view, ...change };
    for (const listener of this.#listeners) listener();
  }
}

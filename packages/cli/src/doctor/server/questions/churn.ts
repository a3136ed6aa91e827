import { setTimeout as delay } from 'node:timers/promises';
import type { Ask } from '../ask.ts';
import { numberOf } from '../columns.ts';
import type { ChurnFacts } from '../facts.ts';

const SESSIONS_COUNTED_SINCE = 140_000;
/** Between two looks; shorter says little about a rate. */
const LEAST_SECONDS = 1;

/** Two looks at the counter of sessions, the other questions between them. */
export class ChurnWatch {
  readonly #ask: Ask;
  #first: { readonly sessions: number; readonly at: number } | undefined;

  constructor(ask: Ask) {
    this.#ask = ask;
  }

  /** Whether the server counts sessions at all. */
  static isPossible(versionNumber: number): boolean {
    return versionNumber >= SESSIONS_COUNTED_SINCE;
  }

  async begin(): Promise<void> {
    this.#first = await this.#look();
  }

  async end(): Promise<ChurnFacts> {
    const first = this.#first;
    if (!first) throw new Error('the first look at them failed');
    const passed = performance.now() / 1_000 - first.at;
    if (passed < LEAST_SECONDS) await delay((LEAST_SECONDS - passed) * 1_000);
    const second = await this.#look();
    return { seconds: second.at - first.at, newSessions: second.sessions - first.sessions };
  }

  async #look() {
    const [row = {}] = await this.#ask('SELECT sum(sessions) AS sessions FROM pg_stat_database');
    return { sessions: numberOf(row, 'sessions'), at: performance.now() / 1_000 };
  }
}

import { redactUrl } from '@lifeguard/pool';
import type { ClientConfig } from 'pg';
import { type Clock, systemClock } from '../clock.ts';
import { isOfTheServer, type PoolOfServer, ServerConnection } from './connection.ts';
import { activity } from './queries/activity.ts';
import { limits } from './queries/limits.ts';
import { replication } from './queries/replication.ts';
import { statements } from './queries/statements.ts';
import { type Intervals, mostDue } from './rota.ts';
import { follow, isSomebodyMissing } from './standbys.ts';
import { type Answers, summarizeServer } from './summary.ts';
import type { ServerSnapshot } from './view.ts';

/** One question at a time, and never more than one in so long. */
const LOOK_MILLIS = 2_500;
/** While the server can't be asked, attempts grow rarer up to this. */
const LONGEST_PAUSE_MILLIS = 60_000;

const INTERVALS = {
  limits: 60_000,
  activity: 5_000,
  replication: 10_000,
  statements: 60_000,
} satisfies Intervals<string>;

type Question = keyof typeof INTERVALS;

export interface ServerWatchOptions {
  /** Leaves `pg_stat_statements` alone: a server with thousands of long statements reads a file for it. */
  readonly statements?: boolean | undefined;
  /** For tests. */
  readonly clock?: Clock | undefined;
}

/** Looks at a server over a connection of its own. */
export interface ServerWatch {
  start(): void;
  /** Closes the connection. What was seen stays readable. */
  stop(): void;
  snapshot(): ServerSnapshot;
}

/**
 * Watches what the server itself says: sessions by state and application, who blocks whom, what runs long,
 * `pg_stat_statements`, replicas. One light read-only query in 2.5 s at most, over one connection of its
 * own that is none of the pool's; whatever the role may not see is named in the snapshot.
 *
 * @param source the pool whose server it is, or how to connect.
 */
export function watchServer(
  source: PoolOfServer | ClientConfig,
  options: ServerWatchOptions = {},
): ServerWatch {
  return new Watch(source, options);
}

class Watch implements ServerWatch {
  readonly #connection: ServerConnection;
  readonly #clock: Clock;
  #answers: Answers;
  /** Of these answers; undefined: nobody has asked since. */
  #snapshot: ServerSnapshot | undefined;
  #askedAt: Partial<Record<Question, number>> = {};
  #cancel: (() => void) | undefined;
  #failures = 0;
  #run = 0;

  constructor(source: PoolOfServer | ClientConfig, options: ServerWatchOptions) {
    this.#clock = options.clock ?? systemClock;
    this.#answers = { leavesStatements: options.statements === false };
    this.#connection = new ServerConnection(source);
  }

  start(): void {
    if (this.#cancel) return;
    this.#askedAt = {};
    this.#failures = 0;
    this.#wait(0, ++this.#run);
  }

  stop(): void {
    this.#cancel?.();
    this.#cancel = undefined;
    this.#run++;
    this.#connection.close();
  }

  snapshot(): ServerSnapshot {
    this.#snapshot ??= summarizeServer(this.#answers);
    return this.#snapshot;
  }

  #wait(millis: number, run: number): void {
    this.#cancel = this.#clock.after(millis, () => {
      void this.#look().then(() => {
        // Stopped, or begun anew, while the answer was under way.
        if (run === this.#run) this.#wait(this.#pauseMillis(), run);
      });
    });
  }

  #pauseMillis(): number {
    return Math.min(LOOK_MILLIS * 2 ** Math.min(this.#failures, 10), LONGEST_PAUSE_MILLIS);
  }

  async #look(): Promise<void> {
    const question = mostDue(this.#clock.now(), this.#askedAt, INTERVALS);
    if (!question) return;
    try {
      const answer = await this.#ask(question);
      const { [question]: _, ...refused } = this.#answers.refused ?? {};
      this.#learn({ ...answer, refused });
    } catch (error) {
      const why = redactUrl((error as Error).message);
      if (isOfTheServer(error)) {
        this.#learn({ refused: { ...this.#answers.refused, [question]: why } });
      } else {
        this.#failures++;
        this.#remember({ problem: why });
        return;
      }
    }
    this.#askedAt[question] = this.#clock.now();
    // It comes before all others then.
    if (this.#answers.standbys && isSomebodyMissing(this.#answers.standbys)) {
      delete this.#askedAt.replication;
    }
  }

  #learn(answer: Answers): void {
    this.#failures = 0;
    this.#remember({ ...answer, at: new Date(this.#clock.wall()), problem: undefined });
  }

  #remember(answers: Answers): void {
    this.#answers = { ...this.#answers, ...answers };
    this.#snapshot = undefined;
  }

  async #ask(question: Question): Promise<Answers> {
    switch (question) {
      case 'limits':
        return { limits: await this.#connection.ask(limits) };
      case 'activity':
        return { sessions: await this.#connection.ask(activity) };
      case 'replication': {
        const answer = await this.#connection.ask(replication);
        return {
          replication: answer,
          standbys: follow(this.#answers.standbys, answer, this.#clock.wall()),
        };
      }
      case 'statements': {
        const { limits: known, leavesStatements } = this.#answers;
        const query = known && !leavesStatements ? statements(known) : undefined;
        return { statements: query && (await this.#connection.ask(query)) };
      }
    }
  }
}

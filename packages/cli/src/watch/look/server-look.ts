import {
  type Answers,
  activity,
  limits,
  replication,
  type ServerQuery,
  type ServerSnapshot,
  statements,
  summarizeServer,
} from '@lifeguard/monitor/server';
import { redactUrl } from '@lifeguard/pool';
import { connect, openOn } from '../../connection/connect.ts';
import type { Target } from '../../connection/target.ts';
import { type Ask, asker, isDefect, NoAnswerError } from '../../doctor/server/ask.ts';
import { Cleanups } from '../../frame/cleanups.ts';
import type { Session } from '../../frame/session.ts';
import { oneLine } from '../../terminal/words.ts';
import { type Counted, throughput } from './throughput.ts';

/** As others see us. */
const NAME = 'lifeguard-watch';
/** What changes slowly, or costs more to tell, is asked for more seldom. */
const INTERVALS = {
  limits: 60_000,
  activity: 0,
  replication: 15_000,
  statements: 30_000,
  throughput: 0,
};

type Question = keyof typeof INTERVALS;

/** One look at a server. */
export interface Look {
  readonly server: ServerSnapshot;
  /** Transactions a second since the look before; null: not known yet. */
  readonly transactionsPerSecond: number | null;
  /** The server answers again after it did not, or has been started anew meanwhile. */
  readonly isBack: boolean;
}

/**
 * Looks at a server over one connection, again and again; a connection that is lost, and a server that is restarted, are told, and it
 * comes back.
 */
export class ServerLook {
  readonly #target: Target;
  readonly #session: Session;
  readonly #now: () => number;
  /** Closes the connection that is open, or being opened. */
  #connection = new Cleanups();
  /** Undefined: no connection is open. */
  #ask: Ask | undefined;
  #answers: Answers = {};
  #askedAt: Partial<Record<Question, number>> = {};
  #counted: Counted | undefined;
  #perSecond: number | null = null;
  #wasAway = false;

  constructor(target: Target, session: Session, now = () => performance.now()) {
    this.#target = target;
    this.#session = session;
    this.#now = now;
    session.cleanups.add(() => this.#hangUp());
  }

  /** Connects for the first time. @throws {UserError} as connect() does. */
  async begin(): Promise<void> {
    const { client } = await connect(this.#target, NAME, this.#own());
    this.#ask = asker(client);
  }

  /** Asks what is due; never rejects but for a defect. */
  async look(): Promise<Look> {
    try {
      const ask = await this.#connected();
      for (const question of Object.keys(INTERVALS) as Question[]) {
        if (this.#isDue(question)) await this.#put(question, ask);
      }
      this.#answers = { ...this.#answers, at: new Date(), problem: undefined };
    } catch (error) {
      if (isDefect(error as Error)) throw error;
      await this.#lose(error as Error);
    }
    const isBack = this.#wasAway && this.#answers.problem === undefined;
    this.#wasAway = this.#answers.problem !== undefined;
    return {
      server: summarizeServer(this.#answers),
      transactionsPerSecond: this.#perSecond,
      isBack,
    };
  }

  #isDue(question: Question): boolean {
    const asked = this.#askedAt[question];
    return asked === undefined || this.#now() - asked >= INTERVALS[question];
  }

  async #put(question: Question, ask: Ask): Promise<void> {
    try {
      const { [question]: _, ...refused } = this.#answers.refused ?? {};
      this.#answers = { ...this.#answers, ...(await this.#answer(question, ask)), refused };
    } catch (error) {
      if (error instanceof NoAnswerError || isDefect(error as Error)) throw error;
      const why = oneLine(redactUrl((error as Error).message));
      this.#answers = {
        ...this.#answers,
        refused: { ...this.#answers.refused, [question]: why },
      };
    }
    this.#askedAt[question] = this.#now();
  }

  async #answer(question: Question, ask: Ask): Promise<Answers> {
    const put = async <T>({ sql, parse }: ServerQuery<T>) => parse(await ask(sql));
    switch (question) {
      case 'limits':
        return { limits: await put(limits) };
      case 'activity':
        return { sessions: await put(activity) };
      case 'replication':
        return { replication: await put(replication) };
      case 'statements': {
        const known = this.#answers.limits;
        const query = known && statements(known);
        return { statements: query && (await put(query)) };
      }
      case 'throughput':
        this.#count(await put(throughput));
        return {};
    }
  }

  #count(transactions: number): void {
    const counted = { transactions, at: this.#now() };
    const before = this.#counted;
    const seconds = before ? (counted.at - before.at) / 1_000 : 0;
    // Fewer than before: the server's counters have begun anew.
    const isNew = !before || transactions < before.transactions || seconds <= 0;
    this.#perSecond = isNew ? null : (transactions - before.transactions) / seconds;
    this.#counted = counted;
  }

  async #connected(): Promise<Ask> {
    if (!this.#ask) {
      const { client } = await openOn(this.#target, NAME, this.#own());
      this.#ask = asker(client);
    }
    return this.#ask;
  }

  /** Connections come and go: each is closed when it is lost, not all of them at the end. */
  #own(): Session {
    return { ...this.#session, cleanups: this.#connection };
  }

  /** What was seen before is over: it may be another server that comes back. */
  async #lose(error: Error): Promise<void> {
    await this.#hangUp();
    this.#askedAt = {};
    this.#counted = undefined;
    this.#perSecond = null;
    const cause =
      error instanceof NoAnswerError && error.cause instanceof Error ? error.cause : error;
    this.#answers = {
      ...(this.#answers.limits && { limits: this.#answers.limits }),
      ...(this.#answers.at && { at: this.#answers.at }),
      problem:
        oneLine(redactUrl(cause.message)) || (cause as NodeJS.ErrnoException).code || cause.name,
    };
  }

  async #hangUp(): Promise<void> {
    const connection = this.#connection;
    this.#connection = new Cleanups();
    this.#ask = undefined;
    await connection.run();
  }
}

import type pg from 'pg';
import { PoolClosedError, withDeadline } from '../../index.ts';
import { beliefAfter, nextId } from '../ledger.ts';
import type { FaultWorld } from './fault-world.ts';
import {
  DEADLINE_MILLIS,
  GRACE_MILLIS,
  STATEMENT_MILLIS,
  TIDY_MILLIS,
  WAIT_MILLIS,
} from './terms.ts';

/** Every statement gives its own number back, so that nobody takes another's answer for its own. */
const READ = 'SELECT $1::int AS id';
const READ_SLOWLY = 'SELECT $1::int AS id, pass_gate()';
const WRITE = 'INSERT INTO ledger VALUES ($1) RETURNING id';
/** In a function it is no write that the pool can see: it goes to the shared lane. */
const RECORD = 'SELECT record($1) AS id';

const WRITES = new Set([WRITE, RECORD]);

/** Up to here a text is quick by any measure, once it was so for so many times. */
const QUICK_MILLIS = 2;
const TIMES = 10;
/** After one of them the pool may still remember how slow the very first was. */
const QUICK_ROUNDS = 2;
/** A busy machine may never come there. */
const ROUNDS = 10;

/** How long a statement may be under way. */
const ON_THE_WIRE = STATEMENT_MILLIS + GRACE_MILLIS;

/** How a caller asks: `hurried` with a deadline around all of it, or by the pool's own bounds. */
export type Manner = 'hurried' | 'patient';

/** Those who use the pool. Each checks its own answer, and writes down what it was told. */
export class Callers {
  /** When somebody last got a right answer, in ms of performance.now(). */
  servedAt = 0;
  /** The pool knows the texts as quick ones. */
  areQuick = true;
  readonly #world: FaultWorld;

  constructor(world: FaultWorld) {
    this.#world = world;
  }

  /** Lets the pool learn the texts, until it must know them as quick. */
  async introduce(): Promise<void> {
    for (const text of [READ, READ_SLOWLY, WRITE, RECORD]) {
      let quickRounds = 0;
      for (let round = 0; round < ROUNDS && quickRounds < QUICK_ROUNDS; round++) {
        const from = performance.now();
        for (let i = 0; i < TIMES; i++) await this.#introduce(text);
        const millis = (performance.now() - from) / TIMES;
        quickRounds = millis <= QUICK_MILLIS ? quickRounds + 1 : 0;
      }
      this.areQuick &&= quickRounds === QUICK_ROUNDS;
    }
  }

  async #introduce(text: string): Promise<void> {
    const { pool, ledger } = this.#world;
    const id = WRITES.has(text) ? ledger.next() : nextId();
    this.#check(id, await pool.query(text, [id]));
    if (WRITES.has(text)) ledger.believe(id, 'done');
  }

  read(manner: Manner): void {
    this.#statement('read', manner, READ);
  }

  write(manner: Manner): void {
    this.#statement('write', manner, WRITE);
  }

  /** Statements that find room on the shared lane, and stay under way until the gate opens. */
  share(manner: Manner): void {
    this.#statement('shared read', manner, READ_SLOWLY);
    this.#statement('shared write', manner, RECORD);
  }

  /** A transaction; its second statement is under way until the gate opens. */
  transaction(manner: Manner): void {
    const { pool, ledger, calls } = this.#world;
    const id = ledger.next();
    const { within, by, byWhenLate } = this.#bounds(manner);
    const ask = <T>(what: string, deadline: number, promise: Promise<T>) =>
      calls.track(`${manner} transaction ${id}, ${what}`, deadline, promise);
    const steps = async () => {
      const client = await ask('connect', by(WAIT_MILLIS), pool.connect());
      const query = (text: string, values?: unknown[]): Promise<pg.QueryResult> =>
        ask(text, by(ON_THE_WIRE), client.query(text, values));
      try {
        await query('BEGIN');
        this.#check(id, await query(WRITE, [id]));
        this.#check(id, await query(READ_SLOWLY, [id]));
        await this.#commit(id, query('COMMIT'));
      } catch {
        // After COMMIT the connection may be with others, and has to be had back first.
        const deadline = byWhenLate(WAIT_MILLIS + ON_THE_WIRE);
        await ask('ROLLBACK', deadline, client.query('ROLLBACK')).catch(() => {});
      } finally {
        client.release();
      }
    };
    calls.flow(() => within(steps));
  }

  /** An ended pool has nothing for anybody. */
  refused(): void {
    const { pool, calls, violations } = this.#world;
    for (const ask of [() => pool.query(READ, [0]), () => pool.connect()]) {
      calls.flow(async () => {
        const answer = calls.track<unknown>('call after end()', performance.now(), ask());
        const error: unknown = await answer.catch((reason) => reason);
        if (!(error instanceof PoolClosedError)) violations.push(`after end(): ${error}`);
      });
    }
  }

  #statement(kind: string, manner: Manner, text: string): void {
    const { pool, ledger, calls } = this.#world;
    const writes = WRITES.has(text);
    const id = writes ? ledger.next() : nextId();
    if (writes) ledger.believe(id, 'unknown');
    const { within, by } = this.#bounds(manner);
    calls.flow(async () => {
      try {
        const { inFlight } = pool.stats();
        const promise = within(() => pool.query(text, [id]));
        const isSent = pool.stats().inFlight > inFlight;
        const bound = isSent ? ON_THE_WIRE : WAIT_MILLIS + ON_THE_WIRE;
        this.#check(id, await calls.track(`${manner} ${kind} ${id}`, by(bound), promise));
        if (writes) ledger.believe(id, 'done');
      } catch (error) {
        if (writes) ledger.believe(id, beliefAfter(error));
      }
    });
  }

  async #commit(id: number, answer: Promise<pg.QueryResult>): Promise<void> {
    const { ledger } = this.#world;
    try {
      // In a failed transaction COMMIT is answered by ROLLBACK.
      ledger.believe(id, (await answer).command === 'COMMIT' ? 'done' : 'not done');
    } catch (error) {
      ledger.believe(id, beliefAfter(error));
      throw error;
    }
  }

  #check(id: number, { rows }: pg.QueryResult): void {
    if (rows.length === 1 && rows[0].id === id) this.servedAt = performance.now();
    else this.#world.violations.push(`${id} got the answer ${JSON.stringify(rows)}`);
  }

  #bounds(manner: Manner) {
    const isHurried = manner === 'hurried';
    const end = isHurried ? performance.now() + DEADLINE_MILLIS : Infinity;
    return {
      within: <T>(run: () => T): T => (isHurried ? withDeadline(DEADLINE_MILLIS, run) : run()),
      /** When a call that begins now is to be settled. */
      by: (bound: number) => Math.min(end, performance.now() + bound),
      /** Who is late already still has this time to tidy up. */
      byWhenLate: (bound: number) =>
        Math.min(Math.max(end, performance.now() + TIDY_MILLIS), performance.now() + bound),
    };
  }
}

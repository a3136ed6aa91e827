import { seededRandom } from '@lifeguard/testkit/random';
import type pg from 'pg';
import { Ledger } from '../ledger.ts';
import { type Desk, isLoss, type Operation } from './operation.ts';

export interface TortureOptions {
  readonly pool: pg.Pool;
  readonly operations: readonly Operation[];
  readonly seed: number;
  /** How many work at the same time. */
  readonly callers: number;
  /** How many operations they do together. */
  readonly count: number;
  /** How many backends are terminated meanwhile. */
  readonly kills: number;
  /** How long all of it may take. */
  readonly limitMillis: number;
  /** Terminates one. */
  kill(): Promise<unknown>;
}

export interface TortureReport {
  readonly ledger: Ledger;
  readonly finished: number;
  /** Operations that were told that their connection is lost. */
  readonly losses: number;
  /** One line for each operation that got what it should not, or nothing in time. */
  readonly wrongAnswers: readonly string[];
}

/** Many callers do all kinds of things to a pool at once, while backends are killed. */
export async function torture(options: TortureOptions): Promise<TortureReport> {
  const { pool, seed, callers, count, kills } = options;
  const ledger = new Ledger();
  const desk: Desk = { pool, ledger };
  const wrongAnswers: string[] = [];
  let losses = 0;
  let finished = 0;
  const killing: Promise<unknown>[] = [];
  const underWay = new Map<number, string>();

  const operate = async (operation: Operation) => {
    const id = ledger.next();
    underWay.set(id, operation.name);
    try {
      await operation.run(desk, id);
    } catch (error) {
      if (isLoss(error)) losses++;
      else wrongAnswers.push(`${operation.name} (${id}): ${error}`);
    }
    underWay.delete(id);
    finished++;
    if (finished >= (count * (killing.length + 1)) / (kills + 1)) killing.push(options.kill());
  };
  const caller = async (_: unknown, number: number) => {
    // Its own, so that each does the same in every run, however they get in each other's way.
    const random = seededRandom(seed + number);
    const share =
      Math.floor((count * (number + 1)) / callers) - Math.floor((count * number) / callers);
    for (let i = 0; i < share; i++) await operate(choose(options.operations, random()));
  };
  const all = Promise.all(Array.from({ length: callers }, caller)).then(() => Promise.all(killing));
  if ((await Promise.race([all, after(options.limitMillis)])) === LATE) {
    wrongAnswers.push(...[...underWay].map(([id, name]) => `${name} (${id}): has no answer yet`));
  }
  return { ledger, finished, losses, wrongAnswers };
}

const LATE = Symbol('late');

function after(millis: number): Promise<typeof LATE> {
  return new Promise((resolve) => setTimeout(resolve, millis, LATE).unref());
}

function choose(operations: readonly Operation[], random: number): Operation {
  let left = random * operations.reduce((sum, { weight }) => sum + weight, 0);
  for (const operation of operations) {
    left -= operation.weight;
    if (left < 0) return operation;
  }
  return operations[operations.length - 1] as Operation;
}

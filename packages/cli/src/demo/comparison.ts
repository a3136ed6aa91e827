import { availableParallelism } from 'node:os';
import type { DemoOptions } from './command.ts';
import type { DemoDatabase } from './database.ts';
import { ROUNDS } from './measure-rounds.ts';
import { POOL_TIMEOUT_SECONDS } from './run-incident.ts';

/** What was compared, so that a reader can judge and repeat it. */
export interface Comparison {
  readonly database: string;
  /** Added between applications and database. */
  readonly networkMillis: number;
  readonly poolTimeoutSeconds: number;
  readonly rounds: number;
  readonly secondsPerRound: number;
  readonly node: string;
  readonly cores: number;
}

export function describeComparison(
  { description }: DemoDatabase,
  { seconds }: DemoOptions,
  networkMillis: number,
): Comparison {
  return {
    database: description,
    networkMillis,
    poolTimeoutSeconds: POOL_TIMEOUT_SECONDS,
    rounds: ROUNDS,
    secondsPerRound: seconds,
    node: process.version,
    cores: availableParallelism(),
  };
}

export function comparisonInWords(comparison: Comparison): string {
  const { database, networkMillis, poolTimeoutSeconds, rounds, secondsPerRound, node, cores } =
    comparison;
  const network =
    networkMillis > 0 ? `${networkMillis} ms of network added (round trip)` : 'no network added';
  return (
    `Compared: the same storefront in three processes on ${database}, ${network}; ` +
    `the same connection_limit, pool_timeout=${poolTimeoutSeconds} (given to the stock pool as max and connectionTimeoutMillis), ` +
    `the same requests, by users who wait a second when one has failed; after a warm-up ${rounds} rounds of ${secondsPerRound} s each, in rotating order, one process at a time (of the outage, one for each). From 3 connections on, Lifeguard keeps one for statements outside of transactions. For the dashboard it asks the server how it is, once in 2.5 s at most, over one connection besides. Node ${node}, ${cores} cores.`
  );
}

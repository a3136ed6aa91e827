import type { Clock } from '../clock.ts';
import { type PgClient, sendUntraced } from '../pg-internals.ts';
import type { QueryClasses } from './query-classes.ts';
import type { RoundTrip } from './round-trip.ts';

export interface MeasureSetup {
  /** pg's own `query`, around the gate. */
  readonly query: PgClient['query'];
  readonly queries: QueryClasses;
  readonly clock: Clock;
  readonly roundTrip: RoundTrip;
}

/** Asks for nothing, and notes how long the answer takes. False: it can't be asked. */
export function measure(client: PgClient, setup: MeasureSetup): boolean {
  const { query, queries, clock, roundTrip } = setup;
  const since = clock.now();
  roundTrip.asked(since);
  const answered = (error: Error | undefined) => {
    if (!error) roundTrip.probed(clock.now() - since);
  };
  try {
    if (queries.isTraced) sendUntraced(client, new queries.PgQuery('', answered));
    else query.call(client, '', answered);
    return true;
  } catch {
    // A client of another kind than pg's may take no statement without a text: then nothing is known.
    return false;
  }
}

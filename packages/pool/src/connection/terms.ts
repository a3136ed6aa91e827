import { Preparing } from '../statement/preparing.ts';
import type { StatementProfiles } from '../statement/profiles.ts';
import type { ConnectionSetup } from './connection-setup.ts';
import type { ConnectionsSetup } from './connections-setup.ts';
import { Knocking } from './knocking.ts';
import { PassingOn } from './passing-on.ts';
import { Pooler } from './pooler.ts';
import type { RoundTrip } from './round-trip.ts';

/** So long a statement that nobody awaited may go on after its holder has given the connection back. */
const REST_MILLIS = 10_000;

/** What holds for every connection of a pool. */
export function termsOf(
  { options, query, queries, clock, cancel, knock }: ConnectionsSetup,
  profiles: StatementProfiles,
  roundTrip: RoundTrip,
): ConnectionSetup {
  const preparing = new Preparing(options.prepare ? options.prepareCacheSize : 0);
  return {
    query,
    queries,
    profiles,
    clock,
    cancel,
    roundTrip,
    passingOn: new PassingOn(),
    knocking: new Knocking(clock, knock),
    preparing,
    pooler: new Pooler(options.pooler !== 'none', preparing),
    pipelinesTransactions: options.multiplex && options.pipelineTransactions,
    statementLimit: options.statementTimeoutMillis,
    restMillis: REST_MILLIS,
    waitMillis: options.connectionTimeoutMillis,
    // Behind a pooler the session is not ours.
    resetsSession: options.pooler === 'none',
  };
}

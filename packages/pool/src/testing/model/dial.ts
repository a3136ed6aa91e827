import pg from 'pg';
import { type ObservedClient, observeClient } from '../../connection/observed-client.ts';
import type { ClientClass, WireConnection } from '../../pg-internals.ts';
import type { FakeClock } from '../fake-clock.ts';
import type { FakeServer } from '../fake-server.ts';
import type { FakeSession } from '../fake-session.ts';

const Client = observeClient(pg.Client as unknown as ClientClass);

export interface Dialled {
  readonly client: ObservedClient;
  readonly wire: WireConnection;
  readonly session: FakeSession;
}

/**
 * Makes pg's own client on a scripted server. The timer that pg sets for a login is one that no fake
 * clock reaches: here it is set on ours, and does what pg's does.
 */
export function dial(server: FakeServer, clock: FakeClock, connectTimeoutMillis: number): Dialled {
  const client = new Client({ stream: server.connect, connectionTimeoutMillis: 0, user: 'u' });
  const wire = client.connection as WireConnection;
  const session = wire.stream as unknown as FakeSession;
  const cancel = clock.after(connectTimeoutMillis || Infinity, () => {
    Object.assign(wire, { _ending: true });
    session.destroy(new Error('timeout expired'));
  });
  client.once('connect', cancel);
  session.once('close', cancel);
  return { client, wire, session };
}

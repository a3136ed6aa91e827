import { serverLine } from '../../model/server-line.ts';
import { moment } from '../../model/words.ts';
import type { PoolSnapshot } from '../../wire.ts';
import { Applications } from './applications.tsx';
import { Locks } from './locks.tsx';
import { ServerSessions } from './server-sessions.tsx';
import { ServerStatements } from './server-statements.tsx';
import { States } from './states.tsx';

interface Props {
  readonly pool: PoolSnapshot;
  /** Of the snapshot. */
  readonly now: Date;
  readonly mayTerminate: boolean;
}

/** What the server itself says. */
export function Server({ pool, now, mayTerminate }: Props) {
  const { server } = pool;
  if (!server) {
    return (
      <section class="card" aria-labelledby="server">
        <h2 id="server">What the server says</h2>
        <p class="empty">
          It is not asked. With the option <code>server: true</code> the monitor looks at sessions,
          locks and the costliest statements, over one connection of its own;{' '}
          <code>lifeguard watch</code> shows them of any database.
        </p>
      </section>
    );
  }
  const { at, problem, notSeen, statements } = server;
  const endsIn = mayTerminate ? pool.name : undefined;
  return (
    <section class="card server" aria-labelledby="server">
      <h2 id="server">What the server says</h2>
      {problem === null ? (
        <p class="window">{serverLine(server, now)}</p>
      ) : (
        <p class="problem">
          It can’t be asked: {problem}.
          {at !== null && ` What stands here was so at ${moment(new Date(at), now)}.`}
        </p>
      )}
      {at !== null && (
        <>
          <States server={server} />
          <div class="columns">
            <Locks blockers={server.blockers} endsIn={endsIn} />
            <Applications applications={server.connections.byApplication} />
          </div>
          <ServerSessions server={server} endsIn={endsIn} />
          <ServerStatements statements={statements} missing={server.statementsMissing} />
        </>
      )}
      {notSeen.length > 0 && <p class="more">Not seen: {notSeen.join('; ')}.</p>}
    </section>
  );
}

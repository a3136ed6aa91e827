import { count, duration } from '../../model/words.ts';
import type { Blocker } from '../../wire.ts';
import { StatementText } from '../statements.tsx';
import { EndSession } from './end-session.tsx';

interface Props {
  readonly blockers: readonly Blocker[];
  /** The pool in whose name a session may be ended; undefined: none may. */
  readonly endsIn: string | undefined;
}

/** Who waits for whose locks, as a tree: at its root whoever holds up all others. */
export function Locks({ blockers, endsIn }: Props) {
  return (
    <div>
      <h3 id="locks">Who holds up whom</h3>
      {blockers.length === 0 ? (
        <p class="empty">Nobody waits for another’s locks.</p>
      ) : (
        <Branches blockers={blockers} endsIn={endsIn} labelledBy="locks" />
      )}
    </div>
  );
}

function Branches({ blockers, endsIn, labelledBy }: Props & { labelledBy?: string }) {
  return (
    <ul class="locks" aria-labelledby={labelledBy}>
      {blockers.map((blocker) => (
        <li key={blocker.pid}>
          <Node {...blocker} />
          {endsIn !== undefined && blocker.session && (
            <EndSession pool={endsIn} pid={blocker.pid} />
          )}
          {blocker.blocks.length > 0 && <Branches blockers={blocker.blocks} endsIn={endsIn} />}
        </li>
      ))}
    </ul>
  );
}

function Node({ pid, session, waiting, alsoBlockedBy }: Blocker) {
  const { application, state, stateMillis, waitsFor, statement } = session ?? {};
  const doing = waitsFor ? `waits for ${waitsFor}` : state;
  return (
    <div class="lock">
      <p>
        <span class="name">
          {pid === 0 ? 'A prepared transaction' : `${pid} ${application ?? ''}`}
        </span>
        {waiting > 0 && <span class="tag notable">holds up {count(waiting, 'session')}</span>}
      </p>
      <p class="meta">
        {doing ?? (session ? 'what it does is not seen' : 'it is not seen')}
        {typeof stateMillis === 'number' && ` for ${duration(stateMillis)}`}
        {alsoBlockedBy.length > 0 && `, and also behind ${alsoBlockedBy.join(', ')}`}
      </p>
      {typeof statement === 'string' && <StatementText statement={statement} />}
    </div>
  );
}

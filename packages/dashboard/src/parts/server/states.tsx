import { sessionStates } from '../../model/session-states.ts';
import { whole } from '../../model/words.ts';
import type { ServerSnapshot } from '../../wire.ts';

/** What all connections of the server do, whosever they are. */
export function States({ server }: { server: ServerSnapshot }) {
  const states = sessionStates(server);
  return (
    <div class="states">
      <div class="state-bar" aria-hidden="true">
        {states.map(({ state, count }) => (
          <span key={state} data-state={state} style={{ flexGrow: count }} />
        ))}
      </div>
      <ul class="places" aria-label="What the server’s connections do">
        {states.map(({ state, label, count }) => (
          <li key={state}>
            <span class="state" data-state={state} aria-hidden="true" />
            <b>{whole(count)}</b> {label}
          </li>
        ))}
      </ul>
    </div>
  );
}

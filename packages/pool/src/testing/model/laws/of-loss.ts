/** Nobody loses a connection for nothing, or for what others have done. */
import type { Call, Refusal } from '../call.ts';
import type { PoolWorld } from '../pool-world.ts';
import { broken } from './broken.ts';

/** After so long without a sound a server may be taken for silent. */
const SILENCE_MILLIS = 50;

/** When a call that was under way is told something that the server has not said. */
export function lawsOfLoss(world: PoolWorld, call: Call, { message }: Refusal): string[] {
  const { id, view } = call;
  if (!view || call.state !== 'under way') return [];
  const { session } = view;
  const isSilent = world.now - Math.max(session.heardAt, session.askedAt) > SILENCE_MILLIS;
  const isHurt = session.isHurt || view.isEndedByHolder || world.isCut || isSilent;
  return broken({
    [`${id} failed with "${message}", and nothing was wrong`]: !isHurt && !isOwnFault(world, call),
  });
}

/**
 * What it has done itself, or what was sent before it on the shared lane. A BEGIN that is refused costs the
 * connection, also for one who wants it back behind whoever has begun so.
 */
function isOwnFault({ server, callers }: PoolWorld, { hold, view, sentAt }: Call): boolean {
  if (hold) {
    const opening = callers.calls.filter(
      (other) => other.hold?.view === view && (other.begins || other.kind === 'modes'),
    );
    const isRefused = opening.some(({ id }) => server.errors.has(id));
    return hold.isGivenUp || isRefused;
  }
  return callers.calls.some(
    (other) => other.kind === 'rogue' && other.view === view && other.sentAt <= sentAt,
  );
}

/** Nobody waits beside a connection that it may take, or where one may be opened. */
import type { ClientView } from '../client-view.ts';
import type { PoolWorld } from '../pool-world.ts';
import { allowedWholes, depthOf } from './of-sending.ts';

/** The longest that a refusing server is left alone, and the timer's own turn. */
const LONGEST_BACK_OFF_MILLIS = 501;

export function lawsOfWork(
  world: PoolWorld,
  views: readonly ClientView[],
  idle: number,
): Record<string, boolean> {
  const { core, options, now } = world;
  const { waiting } = world.callers;
  const allowed = allowedWholes(world);
  const waits = (queue: string) => waiting.filter((call) => world.queueOf(call) === queue).length;
  const [shorts, alones, wholes] = [waits('short'), waits('alone'), waits('whole')];
  const needy = shorts + alones + (allowed > 0 ? wholes : 0);
  const connecting = world.server.open.some(({ state }) => state !== 'ready');
  const isFull = core.clients.length >= options.max;
  const isPatient = now - world.wiretap.lastConnectFailureAt <= LONGEST_BACK_OFF_MILLIS;
  const mayGrow =
    !isFull &&
    !connecting &&
    !isPatient &&
    !views.some(({ isBeginning, isTidied }) => isBeginning || isTidied);
  const nobodyBefore = alones === 0 && (wholes === 0 || allowed <= 0);
  const open = views.find((view) => view.takesShorts(now, depthOf(world)));
  const { length } = core.clients;
  return {
    [`${needy} wait beside ${idle} idle connections`]: needy > 0 && idle > 0,
    [`${needy} wait while the pool could grow`]: needy > 0 && mayGrow,
    [`${shorts} shorts wait beside a lane with room`]:
      shorts > 0 && nobodyBefore && open !== undefined,
    [`${length} connections are fewer than min`]:
      !world.isEnding && mayGrow && length > 0 && length < options.min,
  };
}

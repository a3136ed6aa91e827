import type { Call } from '../call.ts';
import type { PoolWorld } from '../pool-world.ts';
import { broken } from './broken.ts';
import { allowedWholes } from './of-sending.ts';

/** Nobody may move for so long before somebody is refused, and it is looked for so often. */
const STILL_MILLIS = 250;
const EVERY_MILLIS = 25;
const GRACE_MILLIS = 100;

/** Somebody was refused because everybody who holds a connection waits for a second one. */
export function lawsOfSelfDeadlock(world: PoolWorld, call: Call): string[] {
  // Whoever had made room may have its connection again.
  world.wiretap.noteParting();
  return broken({
    [`${call.id} was refused for a deadlock that there was not`]: !isDeadlocked(world, call),
  });
}

function isDeadlocked(world: PoolWorld, victim: Call): boolean {
  const { waiting } = world.callers;
  const nested = [victim, ...waiting].map(({ nestedIn }) => nestedIn);
  const lent = [...world.views.values()].filter(({ isWhole }) => isWhole);
  return (
    allowedWholes(world) <= 0 &&
    lent.every((view) => {
      const { current } = view;
      // The COMMIT of whoever was before it ends, and gives nobody a connection.
      return current && nested.includes(current) && !view.isAskedBy(current);
    })
  );
}

/** A deadlock is ended in time, if nothing else ends it. */
export function lawsOfDeadlocks(world: PoolWorld): Record<string, boolean> {
  const { now, server } = world;
  const [victim] = world.callers.waiting.filter(({ nestedIn }) => nestedIn);
  const isConnecting = server.open.some(({ state }) => state !== 'ready');
  const isStill = victim !== undefined && !isConnecting && isDeadlocked(world, victim);
  const who = world.callers.unsettled.map(({ id }) => id).join();
  if (!isStill) world.deadlock = undefined;
  else if (world.deadlock?.who !== who) world.deadlock = { who, since: now };
  const patience = STILL_MILLIS + 2 * EVERY_MILLIS + GRACE_MILLIS;
  return { 'nobody ends a deadlock': now - (world.deadlock?.since ?? now) > patience };
}

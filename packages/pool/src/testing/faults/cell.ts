import type { PoolClient } from 'pg';
import { pause } from './calls.ts';
import type { FaultWorld } from './fault-world.ts';
import type { Fault } from './faults.ts';
import type { Stage } from './stages.ts';
import { DEADLINE_MILLIS, MAX, RECOVERY_MILLIS, WAIT_MILLIS } from './terms.ts';

/** What was seen in one cell of the matrix. */
export interface Report {
  /** Which laws were broken, and by whom. */
  readonly violations: string[];
  /** How late the latest call was settled after its deadline; negative: before it. */
  readonly latestMillis: number;
  /** How long after the fault was over the pool served again; none: it was ended. */
  readonly recoveryMillis: number | undefined;
}

/**
 * Lets a fault strike a pool that is at something, and looks at the laws:
 *
 * - nobody is stuck past its deadline;
 * - no acknowledged write is lost or doubled, and none is there that was refused;
 * - the pool works again soon after the fault is over; one that was ended leaves no session behind;
 * - no slot is lost, there are never more connections than `max`, and no error goes unhandled.
 */
export async function runCell(world: FaultWorld, fault: Fault, stage: Stage): Promise<Report> {
  const { calls, pool, proxy, ledger, violations } = world;
  await stage.before(world);
  await fault.strike(world);
  stage.after(world);
  world.openGate();
  await calls.settle();
  const latestMillis = calls.latestMillis();

  let recoveryMillis: number | undefined;
  if (pool.ending) {
    await fault.heal(world);
  } else {
    recoveryMillis = await recover(world, fault);
    if (recoveryMillis > RECOVERY_MILLIS) {
      violations.push(`works again only ${Math.round(recoveryMillis)} ms after the fault was over`);
    }
    await takeAllSlots(world);
    world.end(DEADLINE_MILLIS);
  }
  // What is still under way arrives as well, though nobody waits for it any longer.
  await proxy.heal();
  await calls.settle();
  violations.push(...(await leftBehind(world)));
  violations.push(...(await ledger.violations((text, values) => world.admin(text, values))));
  return { violations: world.found(), latestMillis, recoveryMillis };
}

/** Callers come all the time; when was the first one served after the fault was over? */
async function recover(world: FaultWorld, fault: Fault): Promise<number> {
  const { callers, calls, lag } = world;
  const begunAt = performance.now();
  let healedAt = Infinity;
  const healed = Promise.resolve(fault.heal(world)).then(() => {
    healedAt = performance.now();
  });
  while (callers.servedAt < begunAt && performance.now() < healedAt + 3 * RECOVERY_MILLIS) {
    callers.read('patient');
    callers.read('hurried');
    await pause();
  }
  await healed;
  await calls.settle();
  if (callers.servedAt < begunAt) return Infinity;
  const from = Math.min(healedAt, callers.servedAt);
  return callers.servedAt - from - lag.between(from, callers.servedAt);
}

async function takeAllSlots({ pool, calls, violations }: FaultWorld): Promise<void> {
  const clients: PoolClient[] = [];
  for (let slot = 1; slot <= MAX; slot++) {
    calls.flow(async () => {
      const deadline = performance.now() + WAIT_MILLIS;
      clients.push(await calls.track(`connect for slot ${slot}`, deadline, pool.connect()));
    });
  }
  await calls.settle();
  if (clients.length < MAX) {
    violations.push(`only ${clients.length} of ${MAX} connections can be had at once`);
  }
  for (const client of clients) client.release();
}

async function leftBehind(world: FaultWorld): Promise<string[]> {
  const { pool, lag } = world;
  const from = performance.now();
  let sessions = await world.sessions();
  while (sessions > 0 && performance.now() - from - lag.between(from, Infinity) < RECOVERY_MILLIS) {
    await pause();
    sessions = await world.sessions();
  }
  return [
    ...(sessions > 0 ? [`the ended pool leaves ${sessions} sessions on the server`] : []),
    ...(pool.totalCount > 0 ? [`the ended pool has ${pool.totalCount} connections`] : []),
  ];
}

import { obey } from './commands/command.ts';
import { finish } from './finish.ts';
import { PoolWorld, type WorldOptions } from './pool-world.ts';
import { Program, type Script } from './program.ts';

/** A server that does what it is told at once, and a pool without anything that ends by itself. */
const CALM: WorldOptions = {
  pool: { connectionTimeoutMillis: 0, idleTimeoutMillis: 0, connectTimeoutMillis: 0 },
  isPolite: true,
  worksOn: false,
  pace: 0,
  logsIn: true,
  greets: false,
  seen: 5,
};

export type Step = ((world: PoolWorld) => void) | Passing;

interface Passing {
  readonly millis: number;
}

/** Lets one thing happen after the other; after each, and at the end, all laws of the model hold. */
export async function play(options: Partial<WorldOptions>, ...steps: Step[]): Promise<PoolWorld> {
  const pool = { ...CALM.pool, ...options.pool };
  const world = new PoolWorld({ ...CALM, ...options, pool });
  for (const step of steps) {
    if (typeof step === 'function') await world.act(() => step(world));
    else await world.pass(step.millis);
    obey(world);
  }
  await finish(world);
  return world;
}

const SCRIPT: Omit<Script, 'says'> = {
  awaits: 'all',
  atError: 'rolls back',
  gives: 'back',
  isPrompt: false,
  options: {},
};

/** A caller that says this on a connection of its own. */
export function runs(says: Script['says'], how: Partial<Script> = {}): Step {
  return ({ callers }) => new Program(callers, { ...SCRIPT, says, ...how }).start();
}

/** The server answers everything that it was asked for until now. */
export const answers: Step = ({ server }) => {
  for (const session of server.open) if (session.unanswered > 0) session.answerAll();
};

/** It answers one thing on each connection. */
export const answersOne: Step = ({ server }) => {
  for (const session of server.open) if (session.unanswered > 0) session.answer('whole');
};

/** So much time passes. */
export function passes(millis: number): Step {
  return { millis };
}

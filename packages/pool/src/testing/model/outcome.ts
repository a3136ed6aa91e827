import { PoolError, PoolTimeoutError } from '../../errors/index.ts';
import type { Call } from './call.ts';
import { broken } from './laws.ts';
import type { PoolWorld } from './pool-world.ts';

/** What an error says of itself. */
export interface Refusal extends Error {
  readonly code?: unknown;
  readonly outcome?: unknown;
}

/** A statement that fails, one in a failed transaction, and a server that shuts down. */
const EXPECTED: ReadonlySet<unknown> = new Set(['23505', '25P02', '57P01']);

function isOfServer(code: unknown): boolean {
  return typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code);
}

/** When a call has got its answer: the number that it asked for. */
export function lawsOfAnswer({ server }: PoolWorld, { id, kind }: Call, answer: unknown): string[] {
  return broken({
    [`${id} got the answer of ${answer}`]: `${answer}` !== id,
    [`${id} did not fail`]: kind === 'failing',
    [`${id} was acknowledged and did not run once`]:
      kind !== 'checkout' && server.executions.get(id) !== 1,
  });
}

/** When a call is told that it failed. */
export function lawsOfRefusal(world: PoolWorld, { id, deadline, state }: Call, error: Refusal) {
  const { message, outcome, code } = error;
  const named = /statement (\d+)/.exec(message)?.[1] ?? id;
  const wasNotSent = state === 'waiting' || state === 'refused';
  // A connect that fails is the callers' business only when there is no connection at all.
  const isAlone = ![...world.views.values()].some(({ isOpen }) => isOpen);
  const isTold = error instanceof PoolError || (isAlone && code !== '53300');
  return broken({
    [`${id} got the error of ${named}`]: named !== id,
    [`${id} timed out before its deadline`]:
      error instanceof PoolTimeoutError && world.clock.now() < deadline,
    [`${id} was sent, but its error says that it was not: ${message}`]:
      error instanceof PoolError && world.server.received.has(id),
    [`${id} was not sent, but its error says: unknown`]: wasNotSent && outcome === 'unknown',
    [`${id} failed with ${code}`]: isOfServer(code) && !EXPECTED.has(code),
    [`${id} waited and was refused with: ${message}`]: wasNotSent && !isTold,
  });
}

/**
 * `node --import @lifeguard/pool/register app.js`: every `pg.Pool` of the application becomes ours.
 *
 * `LIFEGUARD` says how: `protect` (default), `observe` (pg's own pools, measured), `off`.
 */
import { observeHttpRequests } from '../context/http-requests.ts';
import { adopt } from './adopt.ts';
import { readMode } from './mode.ts';
import { onPgLoaded } from './pg-copies.ts';
import { say } from './say.ts';

export { type PoolMode, type RegisteredPool, registeredPools } from '../registered-pools.ts';

/** Once in a process (or worker thread), also when `--import` and `NODE_OPTIONS` both ask for it. */
const REGISTERED = Symbol.for('lifeguard.registered');

function register(): void {
  const scope = globalThis as { [REGISTERED]?: boolean };
  if (scope[REGISTERED]) return;
  scope[REGISTERED] = true;
  const { mode, problem } = readMode(process.env.LIFEGUARD);
  if (problem) say(problem);
  if (mode === 'off') return;
  onPgLoaded((copy) => adopt(copy, mode));
  // No line of the application tells who asks; the route of an HTTP request does.
  observeHttpRequests();
}

register();

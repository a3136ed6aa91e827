import fc from 'fast-check';
import type { Command } from './command.ts';
import * as callers from './of-callers.ts';
import * as holders from './of-holders.ts';
import * as pool from './of-pool.ts';
import * as server from './of-server.ts';

/** What happens, and how often. */
const WEIGHTS: readonly (readonly [number, fc.Arbitrary<Command>])[] = [
  [8, callers.query],
  [4, callers.burst],
  [1, callers.rogue],
  [2, callers.session],
  [5, callers.checkout],
  [8, callers.program],
  [2, callers.abort],
  [2, callers.nested],
  [8, holders.statement],
  [5, holders.release],
  [1, holders.releaseWithError],
  [1, holders.releaseTwice],
  [1, holders.endByHolder],
  [1, holders.stray],
  [5, server.login],
  [12, server.answer],
  [6, server.answerAll],
  [1, server.timeOut],
  [2, server.close],
  [1, server.silence],
  [1, server.thaw],
  [2, server.stall],
  [3, server.cancelArrives],
  [1, server.cancelFails],
  [1, server.changeSchema],
  [1, server.standby],
  [2, pool.stats],
  [1, pool.reset],
  [1, pool.prewarm],
  [1, pool.end],
  [10, pool.pass],
];

const LONGEST_SEQUENCE = 50;

export const sequences = fc.commands(
  WEIGHTS.flatMap(([weight, arbitrary]) => Array<fc.Arbitrary<Command>>(weight).fill(arbitrary)),
  { maxCommands: LONGEST_SEQUENCE, size: 'max', disableReplayLog: true },
);

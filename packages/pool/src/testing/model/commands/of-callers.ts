import fc from 'fast-check';
import type { Call, CallOptions } from '../call.ts';
import type { PoolWorld } from '../pool-world.ts';
import { Program, type Script } from '../program.ts';
import type { HolderKind, LaneKind } from '../texts.ts';
import { command, nothing, open } from './command.ts';

/** Most callers say nothing of how long they want to wait, some little, some that it is not urgent. */
const options: fc.Arbitrary<CallOptions> = fc.constantFrom<CallOptions[]>(
  {},
  {},
  {},
  {},
  { deadlineMillis: 30 },
  { deadlineMillis: 400 },
  { priority: 'background' },
  { hasSignal: true },
  { hasSignal: true, deadlineMillis: 120 },
);

const kind = fc.constantFrom<LaneKind[]>(
  ...(['short', 'short', 'short', 'short', 'medium', 'medium', 'long', 'literal'] as const),
  ...(['insert', 'insert', 'failing', 'unserialisable'] as const),
);

const said = fc.constantFrom<HolderKind[]>(
  ...(['read', 'read', 'read', 'write', 'write', 'write', 'fails'] as const),
  ...(['unsendable', 'dooms', 'several', 'named', 'set'] as const),
);

const begin = fc.constantFrom<HolderKind[][]>(
  ['begin'],
  ['begin'],
  ['begin'],
  ['begin serializable'],
  ['begin', 'modes'],
);

const end = fc.constantFrom<HolderKind[][]>(
  ['commit'],
  ['commit'],
  ['commit'],
  ['rollback'],
  [],
  ['commit and chain', 'read', 'commit'],
);

const transaction = fc
  .tuple(begin, fc.array(said, { maxLength: 3 }), end)
  .map((parts) => parts.flat());

const says = fc.oneof(
  { weight: 6, arbitrary: transaction },
  { weight: 2, arbitrary: fc.tuple(transaction, transaction).map((both) => both.flat()) },
  { weight: 1, arbitrary: fc.array(said, { minLength: 1, maxLength: 3 }) },
);

const script: fc.Arbitrary<Script> = fc.record({
  says,
  awaits: fc.constantFrom('all', 'all', 'all', 'all', 'none', 'all but the last'),
  atError: fc.constantFrom('rolls back', 'rolls back', 'gives back', 'goes on'),
  gives: fc.constantFrom('back', 'back', 'back', 'back', 'back with an error', 'nothing'),
  isPrompt: fc.boolean(),
  options,
});

const abortable = ({ callers }: PoolWorld): Call[] =>
  callers.unsettled.filter(({ abort, isAborted }) => abort && !isAborted);

export const query = command('query', open, fc.tuple(kind, options), (world, _, [which, asked]) =>
  world.callers.query(which, asked),
);

export const burst = command(
  'burst',
  open,
  fc.tuple(fc.array(kind, { minLength: 2, maxLength: 6 }), options),
  (world, _, [kinds, asked]) => {
    for (const which of kinds) world.callers.query(which, asked);
  },
);

export const rogue = command('rogue', open, nothing, (world) => world.callers.query('rogue'));

export const session = command('session', open, options, (world, _, asked) =>
  world.callers.session(asked),
);

export const checkout = command('checkout', open, options, (world, _, asked) => {
  world.callers.checkout(asked);
});

export const program = command('program', open, script, (world, _, written) =>
  new Program(world.callers, written).start(),
);

export const abort = command('abort', abortable, nothing, (_, call) =>
  call.abort?.abort(new Error('its caller has gone')),
);

/** Somebody who holds a connection asks for another one. */
export const nested = command(
  'nested checkout',
  (world) => (world.isEnding ? [] : world.heldByCallers),
  nothing,
  (world, hold) => {
    world.callers.checkout({}, undefined, hold);
  },
);

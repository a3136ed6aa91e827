import fc from 'fast-check';
import type { FakeSession } from '../../fake-session.ts';
import type { CancelRequest } from '../cancels.ts';
import type { PoolWorld } from '../pool-world.ts';
import { command, nothing, once } from './command.ts';

const dialled = ({ server }: PoolWorld): FakeSession[] =>
  server.open.filter(({ state }) => state !== 'ready');
const asked = ({ server }: PoolWorld): FakeSession[] =>
  server.open.filter(({ unanswered, isSilent }) => unanswered > 0 && !isSilent);
const ready = ({ server }: PoolWorld): FakeSession[] =>
  server.open.filter(({ state, readableEnded }) => state === 'ready' && !readableEnded);
const cancels = ({ cancels: { underWay } }: PoolWorld): CancelRequest[] => underWay;

export const login = command(
  'login',
  dialled,
  fc.constantFrom('accepted', 'accepted', 'accepted', 'refused', 'full', 'unanswered'),
  (_, session, outcome) => session.login(outcome),
);

export const answer = command(
  'answer',
  asked,
  fc.constantFrom('whole', 'whole', 'whole', 'half', 'nothing'),
  (_, session, extent) => session.answer(extent),
);

export const answerAll = command('answer all', asked, nothing, (_, session) => session.answerAll());

/** The server keeps its limit for statements. */
export const timeOut = command(
  'statement times out',
  (world) => (world.options.statementTimeoutMillis > 0 ? asked(world) : []),
  nothing,
  (_, session) => {
    session.strike('last');
    session.answer('whole');
  },
);

export const close = command(
  'server closes',
  ready,
  fc.constantFrom('goodbye', 'reset', 'shutdown'),
  (_, session, manner) => session.closeBy(manner),
);

export const silence = command('goes silent', ready, nothing, (_, session) =>
  session.silence(true),
);

export const thaw = command(
  'is heard again',
  (world) => ready(world).filter(({ isSilent }) => isSilent),
  nothing,
  (_, session) => session.silence(false),
);

export const stall = command(
  'takes long',
  asked,
  fc.constantFrom(20, 60, 200, 700),
  (_, session, millis) => session.stall(millis),
);

export const cancelArrives = command(
  'cancel arrives',
  cancels,
  fc.tuple(fc.constantFrom('first', 'last'), fc.boolean()),
  (world, request, [spot, lingers]) => world.cancels.deliver(request, spot, lingers),
);

export const cancelFails = command('cancel fails', cancels, nothing, (world, request) =>
  world.cancels.refuse(request),
);

export const changeSchema = command('change schema', once, nothing, ({ server }) =>
  server.changeSchema(),
);

export const standby = command(
  'becomes standby',
  once,
  fc.boolean(),
  ({ server }, _, isStandby) => {
    server.isStandby = isStandby;
  },
);

import type pg from 'pg';
import { type CallContext, withContext } from '../../context/context.ts';
import { HoldScope } from '../../context/hold-scope.ts';
import { PoolOverloadedError, PoolTimeoutError, SelfDeadlockError } from '../../errors/index.ts';
import type { PgClient } from '../../pg-internals.ts';
import type { RequestOptions } from '../../queue/request-options.ts';
import { Call, type CallKind, type CallOptions, type Refusal } from './call.ts';
import type { Hold } from './hold.ts';
import { lawsOfAnswer, lawsOfRefusal } from './laws/of-outcomes.ts';
import { lawsOfSelfDeadlock } from './laws/of-self-deadlock.ts';
import { lawsAtSay } from './laws/of-sending.ts';
import type { PoolWorld } from './pool-world.ts';
import { SaidTransaction } from './said-transaction.ts';
import { type HolderKind, holderQuery, type LaneKind, laneText, laneValues } from './texts.ts';

/** No two calls come at the very same moment, whatever the clock of a machine says. */
const TICK_MILLIS = 0.001;
/** Whoever was cancelled more often is told, and does not begin again. */
const MOST_STRIKES = 3;

type Settle = (error: Error | undefined, result?: unknown) => void;
type Lent = (error: Error | undefined, hold?: Hold) => void;

const NO_OPTIONS: CallOptions = {};

function nothing(): void {}

/** Those who use the pool: they ask, they hold connections, and they hear what came of it. */
export class Callers {
  readonly calls: Call[] = [];
  readonly #world: PoolWorld;

  constructor(world: PoolWorld) {
    this.#world = world;
  }

  get waiting(): Call[] {
    return this.calls.filter(({ state }) => state === 'waiting');
  }

  get unsettled(): Call[] {
    return this.calls.filter(({ state }) => state !== 'settled');
  }

  find(id: string): Call | undefined {
    return this.calls[Number(id) - 1];
  }

  query(kind: LaneKind, options = NO_OPTIONS): void {
    const { core } = this.#world;
    const call = this.#newCall(kind, options, laneText);
    const text = laneText(kind, call.id);
    const config = { text, values: laneValues(kind, call.id) };
    this.#enters(call, (requestOptions) => {
      core.query(config, core.profiles.of(text), this.#settleTo(call), requestOptions);
    });
  }

  checkout(options = NO_OPTIONS, lent: Lent = nothing, nestedIn?: Hold): Call {
    const call = this.#newCall('checkout', options);
    call.nestedIn = nestedIn;
    this.#lend(call, lent);
    return call;
  }

  /** What the shell does with a statement that needs a session to itself. */
  session(options = NO_OPTIONS): void {
    const call = this.#newCall('session', options);
    const settle = this.#settleTo(call);
    this.#lend(call, (error, hold) => {
      if (error || !hold) return;
      hold.isDriven = true;
      this.#say(call, hold, 'read', (queryError, result) => {
        if (!hold.isOver) this.release(hold);
        settle(queryError, result);
      });
    });
  }

  /** A holder says something. */
  say(hold: Hold, kind: HolderKind, options = NO_OPTIONS, settle: Settle = nothing): void {
    const call = this.#newCall(kind, options);
    call.state = 'said';
    this.#note(hold, call);
    const told = this.#settleTo(call);
    this.#say(call, hold, kind, (error, result) => {
      told(error, result);
      settle(error, result);
    });
  }

  release(hold: Hold, error?: Error): void {
    const { view } = hold;
    this.#gaveBack(hold, error);
    const isUsable = view.client._queryable && !view.client._ending;
    const isBehind = !hold.hasParted && view.hasEndAhead;
    hold.release(error);
    if (!error || !isUsable) return;
    // Whoever has had it since is another matter.
    if (isBehind) view.giveBack();
    // With others on it, it goes when they have done.
    if (!hold.hasParted && !isBehind && !view.client._ending) {
      this.#world.violations.push('a connection given up is kept');
    }
    view.isRetiring = true;
  }

  /** The pool has taken it back. */
  reclaimed(hold: Hold): void {
    hold.isReclaimed = true;
    this.#gaveBack(hold);
  }

  /** A statement of a holder's is written. */
  isSent(call: Call, hold: Hold): void {
    this.#world.violations.push(...lawsAtSay(hold, call));
    call.isSent(hold.view, this.#world.now);
    hold.hasParted = false;
    // It was given back before all was sent that it had said.
    if (hold.isOver) hold.view.giveBack();
  }

  /** The server has answered one of the shared lane: if it was cancelled, it may begin again. */
  answered(call: Call): void {
    if (call.isSettled || this.#world.server.errors.get(call.id)?.at(-1) !== '57014') return;
    const { options, now } = this.#world;
    if (++call.strikes > MOST_STRIKES) return;
    // If it is told instead, it is settled in a moment.
    call.state = 'waiting';
    call.isAlone = true;
    call.deadline = Math.min(call.answerBy, now + (options.connectionTimeoutMillis || Infinity));
  }

  noteOvertaking(call: Call): void {
    const world = this.#world;
    if (world.queueOf(call) === 'short') return;
    for (const older of this.calls) {
      if (older.state !== 'waiting' || older.rank >= call.rank) continue;
      if (world.queueOf(older) === 'short') older.overtaken++;
    }
  }

  #newCall(
    kind: CallKind,
    options: CallOptions,
    text?: (kind: LaneKind, id: string) => string,
  ): Call {
    const { clock, core, options: poolOptions } = this.#world;
    clock.drift(TICK_MILLIS);
    const id = this.calls.length + 1;
    const call = new Call({
      id,
      kind,
      profile: text && core.profiles.of(text(kind as LaneKind, `${id}`)),
      calledAt: clock.now(),
      waitMillis: poolOptions.connectionTimeoutMillis || Infinity,
      options,
      state: 'waiting',
    });
    this.calls.push(call);
    return call;
  }

  /** Asks the pool in the caller's own context. One that it does not take in is refused in a moment. */
  #enters(call: Call, ask: (options: RequestOptions) => void): void {
    const { core } = this.#world;
    withContext(contextOf(call), () =>
      ask({ signal: call.abort?.signal, priority: call.priority }),
    );
    if (core.pending < this.waiting.length && call.state === 'waiting') call.state = 'refused';
  }

  #lend(call: Call, lent: Lent): void {
    const { core } = this.#world;
    const taken = (error: Error | undefined, client?: PgClient) => {
      if (error || !client) {
        this.#settled(call, error, undefined);
        lent(error);
        return;
      }
      const hold = this.#world.wiretap.lent(call, client);
      call.given = hold;
      if (call.kind === 'checkout') this.#settled(call, undefined, call.id);
      else {
        call.state = 'said';
        this.#note(hold, call);
      }
      // The shell's promise or callback tells it in a moment.
      queueMicrotask(() => lent(undefined, hold));
    };
    this.#enters(call, (options) => core.checkout(taken, options));
  }

  /** What it says belongs to the transaction that it has begun, if it has. */
  #note(hold: Hold, call: Call): void {
    const { transaction } = hold;
    call.hold = hold;
    hold.calls.push(call);
    transaction?.say(call);
    call.transaction = transaction;
    switch (call.kind) {
      case 'begin':
      case 'begin serializable':
        if (!transaction) {
          call.begins = new SaidTransaction(call);
          hold.transaction = call.begins;
          call.transaction = call.begins;
        }
        break;
      case 'commit':
      case 'rollback':
      case 'commit and chain':
        if (!transaction) break;
        transaction.end = call;
        if (call.kind === 'commit and chain') {
          call.begins = new SaidTransaction(call, transaction);
        }
        hold.transaction = call.begins;
        break;
    }
  }

  #say(call: Call, hold: Hold, kind: HolderKind, settle: Settle): void {
    const { name, text, values } = holderQuery(kind, call.id);
    const config = name ? { name, text, values } : text;
    let isTold = false;
    withContext(contextOf(call), () => {
      hold.client.query(config, name ? undefined : values, (error?: Error, result?: unknown) => {
        // Of values that can't be sent pg tells twice: that they can't, and that the server is ready.
        if (isTold && kind === 'unsendable') return;
        isTold = true;
        settle(error, result);
      });
    });
  }

  #gaveBack(hold: Hold, error?: Error): void {
    const { view } = hold;
    hold.isOver = true;
    hold.gaveUp = error !== undefined;
    hold.isLeftOpen = hold.transaction !== undefined && !error;
    view.holds = view.holds.filter((one) => one !== hold);
    if (!hold.hasParted && !error) view.giveBack();
    this.#world.counts.released++;
    this.#world.tell(`${hold.call.id} is given back`, view);
  }

  /** Its holder knows that it has not begun; a second BEGIN in it may do so. */
  #isRefused(transaction: SaidTransaction): void {
    transaction.isRefused = true;
    const { hold } = transaction.begin;
    if (hold?.transaction === transaction) hold.transaction = transaction.beginsAgain();
  }

  #settleTo(call: Call): Settle {
    return (error, result) => this.#settled(call, error, result);
  }

  #settled(call: Call, error: Refusal | undefined, result: unknown): void {
    const world = this.#world;
    if (call.isSettled) world.violations.push(`${call.id} settled twice`);
    call.error = error ?? undefined;
    call.settledAt = world.now;
    if (error && call.begins) this.#isRefused(call.begins);
    const answer = answerOf(result);
    world.tell(`${call.id} (${call.kind}) ${error ? `failed: ${error.message}` : 'is answered'}`);
    call.answered = answer.command;
    world.violations.push(
      ...(error ? lawsOfRefusal(world, call, error) : lawsOfAnswer(world, call, answer)),
    );
    if (error instanceof SelfDeadlockError)
      world.violations.push(...lawsOfSelfDeadlock(world, call));
    else if (error instanceof PoolTimeoutError && !call.hold) world.counts.timeouts++;
    if (error instanceof PoolOverloadedError) world.counts.shed++;
    call.state = 'settled';
  }
}

/** What the server has answered: a row's number, or what it has done. */
export interface Answer {
  readonly id: unknown;
  readonly command: string | undefined;
}

function answerOf(result: unknown): Answer {
  if (typeof result === 'string') return { id: result, command: undefined };
  const last = (Array.isArray(result) ? result.at(-1) : result) as pg.QueryResult | undefined;
  return { id: last?.rows[0]?.id, command: last?.command };
}

/** Reports call it by its number; what a holder says, by that of the checkout. */
function contextOf({ id, answerBy, hold, nestedIn }: Call): CallContext {
  return {
    owner: { label: hold?.call.id ?? id },
    ...(answerBy !== Infinity && { deadline: answerBy }),
    ...(nestedIn?.checkout && { hold: new HoldScope(nestedIn.checkout) }),
  };
}

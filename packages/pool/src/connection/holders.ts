import { Checkout } from '../checkout/checkout.ts';
import { Conversation, type ConversationLine } from '../checkout/conversation.ts';
import type { Patience } from '../checkout/held-statements.ts';
import { hasReadTimeout, sendWithin } from '../checkout/read-timeout.ts';
import { isDialogue } from '../checkout/said.ts';
import { type CallContext, currentContext } from '../context/context.ts';
import type { RepeatedStatement } from '../context/repeats.ts';
import { activeQuery, isQuiet, type PgQuery, type TransactionStatus } from '../pg-internals.ts';
import type { StatementTraits } from '../statement/classify.ts';
import { Faces } from './faces.ts';
import type { HoldersListener, HoldersPool, HoldersSetup } from './holders-setup.ts';
import { type Gate, type ObservedClient, refuseStray } from './observed-client.ts';
import type { QueryClasses } from './query-classes.ts';

/** How long the end of a transaction may take whose holder's deadline has passed. */
const LATE_END_MILLIS = 1_000;

/**
 * To whom a connection is lent. Usually to one; to two for the moment in which one waits for its
 * COMMIT, and the next has already begun behind it: each of them has a face of the client.
 */
export class Holders implements Gate, ConversationLine {
  readonly connection: HoldersListener;
  readonly client: ObservedClient;
  readonly faces: Faces;
  readonly queries: QueryClasses;
  readonly defersBegin: boolean;
  /** To whom it is lent now. */
  current: Conversation | undefined;
  /** Whose end of a transaction is on the wire, and who has made room for others. */
  parting: Conversation | undefined;
  /** The application sent statements before anybody held it, perhaps settings that have to stay. */
  wasPrepared = false;
  #isEnding = false;
  /** The end of the transaction, as pg has it, of whoever is parting. */
  #end: PgQuery | undefined;
  #wants: Conversation | undefined;
  readonly #setup: HoldersSetup;
  readonly #pool: HoldersPool;

  constructor(setup: HoldersSetup, connection: HoldersListener, pool: HoldersPool) {
    this.#setup = setup;
    this.#pool = pool;
    this.connection = connection;
    this.client = connection.client;
    this.faces = new Faces(this.client);
    this.queries = setup.queries;
    this.defersBegin = setup.pipelinesTransactions;
  }

  /** Somebody has gone on without it, and has not given it back yet. */
  get hasParted(): boolean {
    return this.faces.hasParted;
  }

  /** There is a face for the next one. */
  get hasFace(): boolean {
    return this.faces.isFree;
  }

  get isUsable(): boolean {
    const { _queryable, _ending, connection } = this.client;
    return _queryable && !_ending && !connection?.stream.destroyed;
  }

  get isParting(): boolean {
    return this.parting !== undefined;
  }

  get isQuiet(): boolean {
    return isQuiet(this.client);
  }

  get isBehind(): boolean {
    return this.client.pipeline;
  }

  get isExclusive(): boolean {
    return this.connection.isConnecting || this.current !== undefined;
  }

  get isPressed(): boolean {
    return this.#pool.isPressed;
  }

  traitsOf(text: string): StatementTraits {
    return this.#setup.profiles.of(text).traits;
  }

  statusFor(face: ObservedClient): TransactionStatus | undefined {
    const speaker = this.faces.speakerOf(face);
    if (speaker?.checkout.isOpening) return 'T';
    return speaker?.hasParted && speaker !== this.parting ? 'I' : undefined;
  }

  query(face: ObservedClient, config: unknown, values: unknown, callback: unknown): unknown {
    const speaker = this.faces.speakerOf(face);
    if (speaker && !speaker.checkout.isOver) return speaker.query(config, values, callback);
    if (!this.connection.isConnecting) return refuseStray(config, values, callback);
    this.wasPrepared = true;
    return this.#setup.query.call(this.client, config, values, callback);
  }

  send(
    speaker: Conversation,
    config: unknown,
    values: unknown,
    callback: unknown,
    isEnd = false,
  ): unknown {
    // Whatever goes behind the end of a transaction is its holder's as well.
    this.#isEnding = false;
    const isRefused = !this.isUsable;
    const said: [unknown, unknown, unknown] = [config, values, callback];
    const { query } = this.#setup;
    const result = hasReadTimeout(this.client, config)
      ? sendWithin(query, this.client, said, () => {
          speaker.hasLeft = true;
        })
      : query.apply(this.client, said);
    // Nothing of it goes to the server, and so nothing comes back.
    if (isRefused) return result;
    if (isDialogue(config, this.queries)) speaker.isInDialogue = true;
    const context = currentContext();
    const now = this.#setup.clock.now();
    const answerBy = context?.deadline ?? Infinity;
    // Also whoever is late has to tidy up.
    const isLateEnd = isEnd && answerBy <= now;
    const until = isLateEnd ? now + LATE_END_MILLIS : answerBy;
    speaker.checkout.statementBegins(now, context, until, this.#repeated(context, config));
    this.#pool.working();
    return result;
  }

  #repeated(context: CallContext | undefined, config: unknown): RepeatedStatement | undefined {
    if (!context?.request && !context?.hold) return undefined;
    const text = typeof config === 'string' ? config : Object(config).text;
    if (typeof text !== 'string') return undefined;
    const { traits, text: shape } = this.#setup.profiles.of(text);
    return traits.transaction
      ? undefined
      : this.#pool.recorder.repeated.begin(context, shape, true);
  }

  lend(context: CallContext | undefined, now: number): Conversation {
    const checkout = new Checkout(now, context);
    const holder = this.faces.lend((face) => new Conversation(this, face, checkout));
    this.current = holder;
    this.#isEnding = false;
    // Cursors, COPY and streams keep a conversation with the server: they need it unpipelined.
    if (!this.parting) this.client.pipeline = false;
    return holder;
  }

  /** The holder may not use it any more; the connection still tidies up after it. */
  giveBack(holder: Conversation): void {
    this.faces.leave(holder);
    if (this.#wants === holder) this.#wants = undefined;
  }

  forget(holder: Conversation): void {
    this.giveBack(holder);
    if (this.current === holder) this.current = undefined;
  }

  ending(): void {
    this.#isEnding = true;
    this.connection.ending();
  }

  /** Its COMMIT or ROLLBACK is under way, and leaves nothing behind that others could meet. */
  get mayPart(): boolean {
    if (!this.#isEnding || !this.hasFace || !this.isUsable) return false;
    if (this.current?.leavesState !== false) return false;
    // Said in pg's own callback, it goes out before the pool has heard of the answer to the last one.
    if (this.current.checkout.underWay !== 1) return false;
    return this.#setup.passingOn.isGood(this.#setup.clock.now());
  }

  part(): void {
    this.parting = this.current;
    this.#end = activeQuery(this.client);
    this.parting?.part(this.#setup.clock.now());
    this.current = undefined;
    this.#isEnding = false;
    this.client.pipeline = true;
  }

  /** It is nobody's, and takes the statements of many. */
  share(): void {
    this.current = undefined;
    this.client.pipeline = true;
  }

  /** The transaction has ended behind which others have begun. */
  hasEnded(now: number, status: TransactionStatus): void {
    this.parting?.checkout.serverIsReady(now, status);
    this.parting = undefined;
    this.#end = undefined;
  }

  /** Tells whoever has parted, whatever the server will say, unless it has begun to. */
  tellParting(error: Error): void {
    const callback = this.#end?.callback;
    // pg tells of an error as soon as it comes, and lets go of the query then.
    if (!this.#end || this.#end !== activeQuery(this.client)) return;
    if (typeof callback !== 'function') return;
    this.#end.callback = () => {};
    this.#end = undefined;
    callback(error);
  }

  /** A holder who began behind another's COMMIT goes on as every holder does, one by one. */
  listenAgain(): void {
    if (!this.current || !this.client.pipeline || !this.isQuiet) return;
    this.client.pipeline = false;
    this.current.resume();
  }

  /** The holder's oldest statement is over. */
  serverIsReady(now: number, status: TransactionStatus): void {
    this.current?.checkout.serverIsReady(now, status);
    if (this.current?.checkout.underWay !== 0) return;
    this.#isEnding = false;
    this.current.hasLeft = false;
    this.current.isInDialogue = false;
  }

  /** A holder has gone on after its COMMIT, though the connection is with others by now. */
  reclaim(holder: Conversation): void {
    if (this.#wants === holder) return;
    this.#setup.passingOn.holderWentOn(this.#setup.clock.now());
    this.#wants ??= holder;
    this.connection.wantedBack();
  }

  patience(): Patience {
    const { clock, waitMillis } = this.#setup;
    const since = clock.now();
    const until = Math.min(
      since + (waitMillis || Infinity),
      currentContext()?.deadline ?? Infinity,
    );
    if (until !== Infinity) this.#pool.working();
    return { since, until };
  }

  /** Refuses what was said and could not be sent in time; false when nothing waits. */
  refuseLate(now: number): boolean {
    this.faces.refuseLate(now);
    this.current?.refuseLate(now);
    return this.faces.isHolding || this.isHolding;
  }

  /** Somebody still has something to say that could not be sent yet. */
  get isHolding(): boolean {
    return this.current?.isHolding === true;
  }

  /** Nobody has ended the client, or wants it back. */
  get isFree(): boolean {
    return !this.#wants && !this.client._ending;
  }

  get isWanted(): boolean {
    return this.#wants !== undefined;
  }

  /** The connection is free again for the one who wants it back. */
  takeBack(): Conversation | undefined {
    const holder = this.#wants;
    this.#wants = undefined;
    this.current = holder;
    this.client.pipeline = false;
    return holder;
  }

  /** It is lost: whoever waits for it hears of that from pg. */
  lost(): void {
    // Of what can't be pipelined pg would say only that.
    this.client.pipeline = false;
    this.faces.resume();
    this.#wants = undefined;
    const now = this.#setup.clock.now();
    this.current?.checkout.connectionLost(now);
    this.parting?.checkout.connectionLost(now);
    this.parting = undefined;
    this.#end = undefined;
    if (!this.current?.checkout.isOver) return;
    // It has given the connection back, perhaps before all was sent that it had said.
    this.current.resume();
    this.current = undefined;
  }
}

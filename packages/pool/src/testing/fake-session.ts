import { Duplex } from 'node:stream';
import { FakeBackend, idOf, type StrikeSpot } from './fake-backend.ts';
import type { FakeServer } from './fake-server.ts';
import * as wire from './fake-wire.ts';

export type LoginOutcome = 'accepted' | 'refused' | 'full' | 'unanswered';
export type CloseManner = 'goodbye' | 'reset' | 'shutdown';
/** How much of an answer comes; what is left comes with the next one. */
export type AnswerExtent = 'whole' | 'half' | 'nothing';

/** One connection: the socket that pg's client holds and the server's session behind it. */
export class FakeSession extends Duplex {
  readonly backend: FakeBackend;
  readonly #server: FakeServer;
  /** `reached`: the socket is open, but the login has no answer yet. */
  state: 'dialled' | 'reached' | 'ready' = 'dialled';
  /** Nothing comes through any more, in either direction. */
  isSilent = false;
  /** It was closed by the server, or by the network, or has been silent. */
  isHurt = false;
  /** When something came through last, in the clock's milliseconds. */
  heardAt = 0;
  bytesRead = 0;
  /** Since when it owes an answer. */
  askedAt = 0;
  /** Everything up to a Sync, or a simple query, is answered in one. */
  #commands: wire.ClientMessage[][] = [];
  #command: wire.ClientMessage[] = [];
  #owed: Buffer | undefined;
  #stalledUntil = 0;
  #cancelTimer: (() => void) | undefined;

  constructor(server: FakeServer) {
    super({ allowHalfOpen: false });
    this.#server = server;
    this.backend = new FakeBackend(server);
  }

  setNoDelay(): this {
    return this;
  }

  setKeepAlive(): this {
    return this;
  }

  connect(): this {
    return this;
  }

  ref(): this {
    return this;
  }

  unref(): this {
    return this;
  }

  get isOver(): boolean {
    return this.destroyed || this.writableEnded || this.readableEnded;
  }

  /** Commands that have no answer, or only half of one. */
  get unanswered(): number {
    return this.#commands.length + (this.#owed ? 1 : 0);
  }

  login(outcome: LoginOutcome): void {
    if (outcome === 'refused') {
      const refused = new Error('connect ECONNREFUSED 127.0.0.1:5432');
      this.destroy(Object.assign(refused, { code: 'ECONNREFUSED' }));
      return;
    }
    if (this.state === 'dialled') {
      this.state = 'reached';
      this.emit('connect');
    }
    if (outcome === 'full') {
      const text = 'sorry, too many clients already';
      this.#say(wire.errorResponse({ severity: 'FATAL', code: '53300', text }));
      this.push(null);
    } else if (outcome === 'accepted') {
      this.state = 'ready';
      this.#say(wire.loggedIn);
    }
  }

  /** Runs the next command, if its answer was not owed, and sends so much of the answer. */
  answer(extent: AnswerExtent): void {
    if (this.#owed) {
      if (extent !== 'nothing') this.#sayOwed();
      return;
    }
    const bytes = this.#runNext();
    if (extent === 'whole') this.#say(bytes);
    else if (extent === 'nothing') this.#owed = bytes;
    else {
      const ready = bytes.length - wire.READY_LENGTH;
      this.#say(bytes.subarray(0, ready));
      this.#owed = bytes.subarray(ready);
    }
  }

  /** Sends all that is asked for in one piece, as a server does that was quicker than the network. */
  answerAll(): void {
    const pieces = [this.#owed ?? NOTHING];
    this.#owed = undefined;
    while (this.#commands.length > 0) pieces.push(this.#runNext());
    this.#say(Buffer.concat(pieces));
  }

  /** A cancel request has arrived: it strikes what is being run, whatever that is by now. */
  strike(spot: StrikeSpot): void {
    if (this.#commands.length > 0 && !this.#owed) this.backend.struck = spot;
  }

  /** The server takes so long for what it is at. */
  stall(millis: number): void {
    this.#stalledUntil = this.#server.now + millis;
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
    this.#proceed();
  }

  silence(isSilent: boolean): void {
    this.isHurt = true;
    this.isSilent = isSilent;
    this.#proceed();
  }

  closeBy(manner: CloseManner): void {
    this.isHurt = true;
    if (manner === 'reset') {
      this.destroy(Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' }));
      return;
    }
    // The process behind it has gone, with what it was at.
    this.#commands = [];
    this.#owed = undefined;
    this.backend.close();
    if (manner === 'shutdown') {
      const text = 'terminating connection due to administrator command';
      this.#say(wire.errorResponse({ severity: 'FATAL', code: '57P01', text }));
    }
    this.push(null);
  }

  override _read(): void {}

  override _write(chunk: Buffer, _: string, done: () => void): void {
    this.#take(chunk);
    done();
  }

  override _writev(chunks: { chunk: Buffer }[], done: () => void): void {
    for (const { chunk } of chunks) this.#take(chunk);
    done();
  }

  override _final(done: () => void): void {
    done();
    if (this.#server.isPolite && !this.isSilent && !this.readableEnded) this.push(null);
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#cancelTimer?.();
    // Of a client that has gone the server learns when it has done what was asked for.
    if (this.#server.worksOn) while (this.#commands.length > 0) this.#runNext();
    this.#commands = [];
    this.backend.close();
    done(error);
  }

  #say(bytes: Buffer): void {
    if (bytes.length === 0) return;
    this.bytesRead += bytes.length;
    this.heardAt = this.#server.now;
    this.push(bytes);
  }

  #sayOwed(): void {
    const owed = this.#owed ?? NOTHING;
    this.#owed = undefined;
    this.#say(owed);
  }

  #take(chunk: Buffer): void {
    // Before it is logged in, a client sends only its startup message, which has no type.
    if (this.state !== 'ready') return;
    for (const message of wire.readMessages(chunk)) {
      if (message.type === 'terminate') return;
      if (message.type === 'query') this.#note(idOf(message.text, []));
      if (message.type === 'bind') this.#note(message.values[0] ?? '');
      this.#command.push(message);
      if (message.type !== 'query' && message.type !== 'sync') continue;
      if (this.unanswered === 0) this.askedAt = this.#server.now;
      this.#commands.push(this.#command);
      this.#command = [];
      this.#proceed();
    }
  }

  #note(id: string): void {
    if (id !== '') this.#server.received.add(id);
  }

  #runNext(): Buffer {
    const command = this.#commands.shift();
    if (!command) return NOTHING;
    const answers = this.backend.run(command);
    return Buffer.concat([answers, wire.readyForQuery(this.backend.status)]);
  }

  /** A question that costs nothing is answered at once, and all others by a server with a pace. */
  #proceed(): void {
    if (this.isSilent || this.destroyed || this.#cancelTimer || this.unanswered === 0) return;
    const { pace, now, clock } = this.#server;
    const stall = Math.max(0, this.#stalledUntil - now);
    if (!this.#owed && stall === 0 && isFree(this.#commands[0])) {
      this.#server.soon(() => this.#answerIf(isFree));
      return;
    }
    if (pace === 0) return;
    this.#cancelTimer = clock.after(Math.max(pace, stall), () => {
      this.#cancelTimer = undefined;
      this.#answerIf(() => true);
    });
  }

  #answerIf(isMeant: (command: wire.ClientMessage[] | undefined) => boolean): void {
    if (this.isSilent || this.isOver || (!this.#owed && !isMeant(this.#commands[0]))) return;
    this.answer('whole');
    this.#proceed();
  }
}

const NOTHING = Buffer.alloc(0);

function isFree(command: wire.ClientMessage[] | undefined): boolean {
  const [message] = command ?? [];
  return message?.type === 'query' && message.text === '';
}

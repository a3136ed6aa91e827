import { Duplex } from 'node:stream';
import type { TransactionStatus } from '../pg-internals.ts';
import * as wire from './fake-wire.ts';

export type LoginOutcome = 'accepted' | 'refused' | 'full' | 'unanswered';
export type CloseManner = 'goodbye' | 'reset' | 'shutdown';

/** A PostgreSQL server as far as a pool can see it, which does what a test tells it, and when. */
export class FakeServer {
  readonly sessions: FakeSession[] = [];
  /** How often each statement ran, by the id that it was to give back. */
  readonly executions = new Map<string, number>();
  /** Ids of the statements that have come over the wire. */
  readonly received = new Set<string>();
  /** False: it never answers a goodbye. */
  readonly isPolite: boolean;

  constructor(options: { isPolite: boolean }) {
    this.isPolite = options.isPolite;
  }

  /** For the `stream` option of pg.Client. */
  readonly connect = (): FakeSession => {
    const session = new FakeSession(this);
    this.sessions.push(session);
    return session;
  };

  get open(): FakeSession[] {
    return this.sessions.filter(({ destroyed }) => !destroyed);
  }

  /** A change of the schema: every prepared plan that there is has gone stale. */
  changeSchema(): void {
    for (const session of this.sessions) session.stalePlans();
  }
}

/** One connection: the socket that pg's client holds and the server's session behind it. */
export class FakeSession extends Duplex {
  readonly #server: FakeServer;
  /** `reached`: the socket is open, but the login has no answer yet. */
  state: 'dialled' | 'reached' | 'ready' = 'dialled';
  status: TransactionStatus = 'I';
  /** Everything up to a Sync, or a simple query, is answered in one. */
  #commands: wire.ClientMessage[][] = [];
  #command: wire.ClientMessage[] = [];
  #owed: Buffer | undefined;
  readonly #prepared = new Map<string, { text: string; isStale: boolean }>();

  constructor(server: FakeServer) {
    super({ allowHalfOpen: false });
    this.#server = server;
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
      this.push(wire.errorResponse({ severity: 'FATAL', code: '53300', text }));
      this.push(null);
    } else if (outcome === 'accepted') {
      this.state = 'ready';
      this.push(wire.loggedIn);
    }
  }

  /** Sends the next answer; `half` of it lacks the ReadyForQuery, which comes with the next. */
  answer(extent: 'half' | 'whole'): void {
    const bytes = this.#nextAnswer(extent);
    if (bytes.length > 0) this.push(bytes);
  }

  /** Sends all that is asked for in one piece, as a server does that was quicker than the network. */
  answerAll(): void {
    const pieces: Buffer[] = [];
    while (this.unanswered > 0) pieces.push(this.#nextAnswer('whole'));
    if (pieces.length > 0) this.push(Buffer.concat(pieces));
  }

  closeBy(manner: CloseManner): void {
    if (manner === 'reset') {
      this.destroy(Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' }));
      return;
    }
    if (manner === 'shutdown') {
      const text = 'terminating connection due to administrator command';
      this.push(wire.errorResponse({ severity: 'FATAL', code: '57P01', text }));
    }
    this.push(null);
  }

  stalePlans(): void {
    for (const plan of this.#prepared.values()) plan.isStale = true;
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
    if (this.#server.isPolite && !this.readableEnded) this.push(null);
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
      this.#commands.push(this.#command);
      this.#command = [];
    }
  }

  #note(id: string): void {
    if (id !== '') this.#server.received.add(id);
  }

  #nextAnswer(extent: 'half' | 'whole'): Buffer {
    const pieces: Buffer[] = [];
    if (this.#owed) {
      pieces.push(this.#owed);
      this.#owed = undefined;
      return Buffer.concat(pieces);
    }
    const command = this.#commands.shift();
    if (!command) return Buffer.alloc(0);
    this.#run(command, pieces);
    const ready = wire.readyForQuery(this.status);
    if (extent === 'half') this.#owed = ready;
    else pieces.push(ready);
    return Buffer.concat(pieces);
  }

  /** After an error the rest of a command is skipped, up to its Sync. */
  #run(command: readonly wire.ClientMessage[], pieces: Buffer[]): void {
    const portal: { text: string; values: readonly string[] } = { text: '', values: [] };
    for (const message of command) {
      const error = this.#step(message, portal, pieces);
      if (!error) continue;
      if (this.status === 'T') this.status = 'E';
      pieces.push(wire.errorResponse(error));
      return;
    }
  }

  #step(
    message: wire.ClientMessage,
    portal: { text: string; values: readonly string[] },
    pieces: Buffer[],
  ): wire.ServerError | undefined {
    switch (message.type) {
      case 'query':
        return this.#execute(message.text, [], pieces);
      case 'parse':
        if (message.name !== '' && this.#prepared.has(message.name)) {
          return failure('42P05', `prepared statement "${message.name}" already exists`);
        }
        this.#prepared.set(message.name, { text: message.text, isStale: false });
        pieces.push(wire.parseComplete);
        return undefined;
      case 'bind': {
        const plan = this.#prepared.get(message.name);
        if (!plan) return failure('26000', `prepared statement "${message.name}" does not exist`);
        if (plan.isStale) {
          const text = 'cached plan must not change result type';
          return { ...failure('0A000', text), routine: 'RevalidateCachedQuery' };
        }
        portal.text = plan.text;
        portal.values = message.values;
        pieces.push(wire.bindComplete);
        return undefined;
      }
      case 'close':
        this.#prepared.delete(message.name);
        pieces.push(wire.closeComplete);
        return undefined;
      case 'execute':
        return this.#execute(portal.text, portal.values, pieces);
      default:
        return undefined;
    }
  }

  #execute(
    text: string,
    values: readonly string[],
    pieces: Buffer[],
  ): wire.ServerError | undefined {
    const ends = text === 'COMMIT' || text === 'ROLLBACK';
    if (this.status === 'E' && !ends) {
      return failure('25P02', `current transaction is aborted, ${idOf(text, values)} is ignored`);
    }
    if (ends) this.status = 'I';
    else if (text === 'BEGIN') this.status = 'T';
    const id = idOf(text, values);
    if (id === '') {
      pieces.push(wire.commandComplete(text));
      return undefined;
    }
    const { executions } = this.#server;
    executions.set(id, (executions.get(id) ?? 0) + 1);
    if (text.includes('fails')) return failure('23505', `statement ${id} fails`);
    pieces.push(wire.idDescription, wire.idRow(id), wire.commandComplete('SELECT 1'));
    return undefined;
  }
}

function failure(code: string, text: string): wire.ServerError {
  return { severity: 'ERROR', code, text };
}

/** The first parameter, or the number before `AS id`. */
function idOf(text: string, values: readonly string[]): string {
  return values[0] ?? /(\d+) AS id/.exec(text)?.[1] ?? '';
}

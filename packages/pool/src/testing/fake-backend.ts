import type { TransactionStatus } from '../pg-internals.ts';
import * as wire from './fake-wire.ts';

/** A transaction as the server has it. */
export interface ServerTransaction {
  readonly modes: string[];
  /** Ids of the writes in it. */
  readonly writes: string[];
  /** Its COMMIT will be refused, as by a deferred constraint. */
  isDoomed: boolean;
  isCommitted: boolean;
  /** Whose it is, as far as a test has noted it. */
  owner: object | undefined;
}

/** What all sessions have in common, and what they tell of their work. */
export interface Database {
  /** It refuses serialisable transactions, as a hot standby does. */
  readonly isStandby: boolean;
  /** A statement takes effect, in the transaction that is open, or by itself. */
  ran(id: string, backend: FakeBackend): void;
  committed(writes: readonly string[]): void;
  refused(id: string, code: string): void;
}

/** Where in several commands up to a Sync a cancel request strikes. */
export type StrikeSpot = 'first' | 'last';

interface Plan {
  readonly text: string;
  isStale: boolean;
}

interface Portal {
  text: string;
  values: readonly string[];
}

const ENDS = /^(?:COMMIT|END|ROLLBACK|ABORT)\b/;

/** A session as PostgreSQL keeps it: it runs what a client asks for, and says what came of it. */
export class FakeBackend {
  status: TransactionStatus = 'I';
  transaction: ServerTransaction | undefined;
  /** Id of the statement that has set something for the session. */
  settings: string | undefined;
  /** The next command is cancelled there. */
  struck: StrikeSpot | undefined;
  readonly #database: Database;
  readonly #plans = new Map<string, Plan>();

  constructor(database: Database) {
    this.#database = database;
  }

  stalePlans(): void {
    for (const plan of this.#plans.values()) plan.isStale = true;
  }

  /** Its client has gone. */
  close(): void {
    this.transaction = undefined;
  }

  /** Everything up to a Sync, or a simple query. After an error the rest of it is skipped. */
  run(command: readonly wire.ClientMessage[]): Buffer {
    const pieces: Buffer[] = [];
    const portal: Portal = { text: '', values: [] };
    let left = command.filter(({ type }) => type === 'execute' || type === 'query').length;
    for (const message of command) {
      const executes = message.type === 'execute' || message.type === 'query';
      if (executes) left--;
      const isStruck = executes && (this.struck === 'first' || (this.struck && left === 0));
      const error = isStruck ? this.#strike(message, portal) : this.#step(message, portal, pieces);
      if (!error) continue;
      if (this.status === 'T') this.status = 'E';
      pieces.push(wire.errorResponse(error));
      break;
    }
    this.struck = undefined;
    return Buffer.concat(pieces);
  }

  #strike(message: wire.ClientMessage, portal: Portal): wire.ServerError {
    const { text, values } = message.type === 'query' ? { ...message, values: [] } : portal;
    // A transaction whose COMMIT is cancelled is over as well.
    if (ENDS.test(text)) this.#end(false);
    return this.#failure(idOf(text, values), '57014', 'canceling statement due to user request');
  }

  #step(
    message: wire.ClientMessage,
    portal: Portal,
    pieces: Buffer[],
  ): wire.ServerError | undefined {
    switch (message.type) {
      case 'query':
        for (const text of message.text.split(';')) {
          const error = this.#execute(text.trim(), [], pieces, idOf(message.text, []));
          if (error) return error;
        }
        return undefined;
      case 'parse':
        if (message.name !== '' && this.#plans.has(message.name)) {
          return failure('42P05', `prepared statement "${message.name}" already exists`);
        }
        this.#plans.set(message.name, { text: message.text, isStale: false });
        pieces.push(wire.parseComplete);
        return undefined;
      case 'bind': {
        const plan = this.#plans.get(message.name);
        if (!plan) return failure('26000', `prepared statement "${message.name}" does not exist`);
        if (plan.isStale) {
          const text = 'cached plan must not change result type';
          const id = message.values[0] ?? '';
          return { ...this.#failure(id, '0A000', text), routine: 'RevalidateCachedQuery' };
        }
        portal.text = plan.text;
        portal.values = message.values;
        pieces.push(wire.bindComplete);
        return undefined;
      }
      case 'close':
        this.#plans.delete(message.name);
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
    asked = idOf(text, values),
  ): wire.ServerError | undefined {
    const id = idOf(text, values);
    const command = text.replace(/--.*$/, '').trim();
    const done = (tag: string) => void pieces.push(wire.commandComplete(tag));
    if (command === '') {
      pieces.push(wire.emptyQuery);
      return undefined;
    }
    if (this.status === 'E' && !ENDS.test(command)) {
      return this.#failure(asked, '25P02', 'current transaction is aborted, ignored');
    }
    const [verb] = command.split(' ', 1);
    if (ENDS.test(command)) return this.#endBy(id, command, done);
    switch (verb) {
      case 'BEGIN':
        return this.#begin(id, command, done);
      case 'SET':
        return this.#set(id, command, done);
      case 'DISCARD':
        if (this.status !== 'I') return failure('25001', 'DISCARD ALL cannot run inside of it');
        this.settings = undefined;
        this.#plans.clear();
        done('DISCARD ALL');
        return undefined;
    }
    this.#database.ran(id, this);
    if (text.includes('fails')) return this.#failure(id, '23505', 'duplicate key');
    if (text.includes('dooms') && this.transaction) this.transaction.isDoomed = true;
    if (verb === 'INSERT') {
      if (this.transaction) this.transaction.writes.push(id);
      else this.#database.committed([id]);
    }
    pieces.push(wire.idDescription, wire.idRow(id));
    done(verb === 'INSERT' ? 'INSERT 0 1' : 'SELECT 1');
    return undefined;
  }

  #begin(id: string, command: string, done: (tag: string) => void): wire.ServerError | undefined {
    const modes = command.replace(/^BEGIN ?/, '');
    if (this.#refuses(modes)) return this.#failure(id, '0A000', 'not on a hot standby');
    // Within a transaction it is only warned of.
    if (!this.transaction) this.#open(modes === '' ? [] : [modes]);
    this.#database.ran(id, this);
    done('BEGIN');
    return undefined;
  }

  #set(id: string, command: string, done: (tag: string) => void): wire.ServerError | undefined {
    const modes = /^SET TRANSACTION (.*)$/.exec(command)?.[1];
    if (modes !== undefined) {
      if (this.#refuses(modes)) return this.#failure(id, '0A000', 'not on a hot standby');
      this.transaction?.modes.push(modes);
    } else {
      this.settings = id;
    }
    this.#database.ran(id, this);
    done('SET');
    return undefined;
  }

  #endBy(id: string, command: string, done: (tag: string) => void): wire.ServerError | undefined {
    const isRollback = /^(?:ROLLBACK|ABORT)/.test(command);
    const { transaction } = this;
    const chains = command.includes('AND CHAIN');
    if (chains && !transaction) return this.#failure(id, '25P01', 'no transaction to chain');
    this.#database.ran(id, this);
    if (transaction?.isDoomed && this.status === 'T' && !isRollback) {
      this.#end(false);
      return this.#failure(id, '40001', 'could not serialize access');
    }
    const commits = !isRollback && this.status !== 'E';
    this.#end(commits);
    if (chains && transaction) this.#open([...transaction.modes]);
    done(commits ? 'COMMIT' : 'ROLLBACK');
    return undefined;
  }

  #refuses(modes: string): boolean {
    return this.#database.isStandby && modes.includes('SERIALIZABLE');
  }

  #open(modes: string[]): void {
    this.status = 'T';
    this.transaction = { modes, writes: [], isDoomed: false, isCommitted: false, owner: undefined };
  }

  #end(commits: boolean): void {
    if (commits && this.transaction) {
      this.transaction.isCommitted = true;
      this.#database.committed(this.transaction.writes);
    }
    this.transaction = undefined;
    this.status = 'I';
  }

  #failure(id: string, code: string, text: string): wire.ServerError {
    this.#database.refused(id, code);
    return failure(code, `${text} (statement ${id})`);
  }
}

function failure(code: string, text: string): wire.ServerError {
  return { severity: 'ERROR', code, text };
}

/** The first parameter, the number before `AS id`, or that in the comment at the end. */
export function idOf(text: string, values: readonly string[]): string {
  return values[0] ?? /(\d+) AS id/.exec(text)?.[1] ?? /-- (\d+)$/.exec(text)?.[1] ?? '';
}

/** What callers ask the server for. */

/** Statements of the shared lane. */
export type LaneKind =
  | 'short'
  | 'medium'
  | 'long'
  /** Its text was never seen. */
  | 'literal'
  /** It may wait for locks, and leaves something that can be found again. */
  | 'insert'
  | 'failing'
  /** A value of it can't be sent. */
  | 'unserialisable'
  /** It opens a transaction on the shared lane, which nothing that is classified does. */
  | 'rogue';

/** What a holder says on its connection. */
export type HolderKind =
  | 'begin'
  /** In a mode that a standby refuses. */
  | 'begin serializable'
  | 'modes'
  | 'commit'
  | 'rollback'
  | 'commit and chain'
  | 'read'
  | 'write'
  | 'fails'
  /** Its values can't be sent. */
  | 'unsendable'
  /** The transaction will be refused at COMMIT. */
  | 'dooms'
  /** Several statements in one string. */
  | 'several'
  /** A prepared statement of the application's own. */
  | 'named'
  /** It changes the session. */
  | 'set';

/** What was learnt of a text before the pool was opened. */
const LEARNT_MILLIS: Readonly<Partial<Record<LaneKind, number>>> = {
  short: 1,
  medium: 30,
  long: 300,
  insert: 1,
  failing: 1,
  unserialisable: 1,
};

export const LEARNT = Object.entries(LEARNT_MILLIS).map(([kind, millis]) => ({
  text: laneText(kind as LaneKind, ''),
  millis,
}));

export function laneText(kind: LaneKind, id: string): string {
  switch (kind) {
    case 'literal':
      return `SELECT ${id} AS id`;
    case 'insert':
      return 'INSERT INTO ledger VALUES ($1) RETURNING id';
    case 'failing':
      return 'SELECT $1::int AS id WHERE fails';
    case 'rogue':
      return 'BEGIN';
    default:
      return `SELECT $1::int AS id -- ${kind}`;
  }
}

export function laneValues(kind: LaneKind, id: string): unknown[] | undefined {
  if (kind === 'literal') return undefined;
  return kind === 'unserialisable' ? [id, unsendable(id)] : [id];
}

/** For pg's `query`. */
export interface HolderQuery {
  readonly name?: string;
  readonly text: string;
  readonly values?: unknown[];
}

export function holderQuery(kind: HolderKind, id: string): HolderQuery {
  switch (kind) {
    case 'begin':
      return { text: `BEGIN -- ${id}` };
    case 'begin serializable':
      return { text: `BEGIN ISOLATION LEVEL SERIALIZABLE -- ${id}` };
    case 'modes':
      return { text: `SET TRANSACTION ISOLATION LEVEL REPEATABLE READ -- ${id}` };
    case 'commit':
      return { text: `COMMIT -- ${id}` };
    case 'rollback':
      return { text: `ROLLBACK -- ${id}` };
    case 'commit and chain':
      return { text: `COMMIT AND CHAIN -- ${id}` };
    case 'read':
      return { text: 'SELECT $1::int AS id', values: [id] };
    case 'write':
      return { text: `INSERT INTO ledger VALUES (${id}) RETURNING ${id} AS id` };
    case 'fails':
      return { text: `SELECT ${id} AS id WHERE fails` };
    case 'unsendable':
      return { text: 'SELECT $1::int AS id, $2', values: [id, unsendable(id)] };
    case 'dooms':
      return { text: `INSERT INTO ledger VALUES (${id}) RETURNING ${id} AS id, dooms` };
    case 'several':
      return { text: `SELECT 0; SELECT ${id} AS id` };
    case 'named':
      return { name: 'mine', text: 'SELECT $1::int AS id -- mine', values: [id] };
    case 'set':
      return { text: `SET search_path TO nowhere -- ${id}` };
  }
}

/** What it says of the modes of its transaction, in the server's words. */
export const MODES: Readonly<Partial<Record<string, string>>> = {
  'begin serializable': 'ISOLATION LEVEL SERIALIZABLE',
  modes: 'ISOLATION LEVEL REPEATABLE READ',
};

function unsendable(id: string): object {
  const toPostgres = () => {
    throw new TypeError(`statement ${id} has a value that can't be sent`);
  };
  return { toPostgres };
}

/** The id that a holder's or a lane's statement carries. */
export { idOf } from '../fake-backend.ts';

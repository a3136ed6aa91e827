import { leavesState, makesTemporary, setsForTransaction } from './session-state.ts';
import { type Token, tokenize } from './tokenize.ts';
import {
  TRANSACTION_COMMANDS,
  type TransactionWord,
  transactionWord,
} from './transaction-words.ts';

/**
 * `shared`: certainly one autocommit statement, which may travel beside those of other callers.
 * `exclusive`: it needs the session to itself, or nobody can tell; the pool gives it a connection
 * of its own.
 */
export type StatementClass = 'shared' | 'exclusive';

/** Only what is known to leave nothing behind in the session is shared; the rest fails closed. */
const SHARED_COMMANDS = new Set([
  'select',
  'insert',
  'update',
  'delete',
  'merge',
  'with',
  'values',
  'table',
  'show',
  'explain',
]);

/** Functions that make even a SELECT depend on its session, or leave something in it. */
const SESSION_FUNCTIONS = new Set([
  'currval',
  'lastval',
  'pg_advisory_lock',
  'pg_advisory_lock_shared',
  'pg_advisory_unlock',
  'pg_advisory_unlock_all',
  'pg_advisory_unlock_shared',
  'pg_backend_pid',
  'pg_backup_start',
  'pg_backup_stop',
  'pg_create_logical_replication_slot',
  'pg_create_physical_replication_slot',
  'pg_export_snapshot',
  'pg_try_advisory_lock',
  'pg_try_advisory_lock_shared',
  'set_config',
  'set_limit',
  'setseed',
]);

/** Large objects live in a transaction; a dblink, or an origin, is opened in one statement and used in the next. */
const SESSION_FAMILIES = /^(?:lo_|dblink|pg_replication_origin_(?:session|xact)_)/;

/** Words that take locks on rows, or wait for others, anywhere in a statement: a WITH may hold an UPDATE. */
const LOCKING_WORDS = new Set([
  'insert',
  'update',
  'delete',
  'merge',
  'share',
  'pg_advisory_xact_lock',
  'pg_advisory_xact_lock_shared',
]);

/** What the pool has to know of a text; found once, by its tokens. */
export interface StatementTraits {
  readonly class: StatementClass;
  /**
   * It may wait for a row that somebody's transaction has locked, for as long as that lasts.
   * A column of such a name makes it true as well: then it only shares less than it could.
   */
  readonly mayWaitForLocks: boolean;
  /** Certainly one statement, and no conversation: COPY is one. */
  readonly isSingle: boolean;
  /** What it does to a transaction, if that is all it does. */
  readonly transaction: TransactionWord | undefined;
  /** What the server answers to it when all is well, where it does something to a transaction. */
  readonly tag: string | undefined;
  /** Settings, locks, temporary tables or prepared statements may stay in the session, or be gone from it. */
  readonly leavesState: boolean;
}

interface Seen {
  /** The first words of the statement that is being read, and those that tell of state. */
  words: string[];
  leavesState: boolean;
  /** Of the whole text; looked at once, where it is asked for. */
  setsForTransaction: boolean | undefined;
}

export function examine(sql: string): StatementTraits {
  const seen: Seen = { words: [], leavesState: false, setsForTransaction: undefined };
  let first = true;
  let command = '';
  let transactionTokens = '';
  let ended = false;
  let isShared = true;
  let isSingle = true;
  let mayWaitForLocks = false;
  let previous: Token | undefined;
  for (const token of tokenize(sql)) {
    if (token.kind === 'semicolon') {
      if (first) isShared = false;
      endStatement(seen);
      ended = true;
      continue;
    }
    if (ended) isSingle = false;
    if (first && token.text !== '(') {
      first = false;
      command = token.kind === 'word' ? token.text : '';
      if (!SHARED_COMMANDS.has(command)) isShared = false;
    }
    if (isShared && isSessionBound(command, previous, token)) isShared = false;
    if (token.kind === 'unclear') seen.leavesState = true;
    if (token.kind === 'word') {
      if (LOCKING_WORDS.has(token.text)) mayWaitForLocks = true;
      if (tellsOfState(token.text, seen, sql)) seen.words.push(token.text);
    }
    if (TRANSACTION_COMMANDS.has(command) && transactionTokens.length < LONGEST_TRANSACTION_WORD) {
      transactionTokens += transactionTokens === '' ? token.text : ` ${token.text}`;
    }
    previous = token;
  }
  endStatement(seen);
  const known = isShared && isSingle && !first;
  return {
    class: known ? 'shared' : 'exclusive',
    mayWaitForLocks: mayWaitForLocks || !known,
    isSingle: isSingle && !first && command !== 'copy',
    transaction: isSingle ? transactionWord(transactionTokens) : undefined,
    tag: TRANSACTION_COMMANDS.get(command),
    leavesState: seen.leavesState,
  };
}

export function classify(sql: string): StatementClass {
  return examine(sql).class;
}

const MOST_WORDS = 8;
const STATE_WORD =
  /^(?:create|replace|into|local|global|temp|temporary|pg_temp|hold|set_limit|setseed|pg_(?:try_)?advisory_lock(?:_shared)?|dblink_connect(?:_u)?)$/;
const LONGEST_TRANSACTION_WORD = 120;

function tellsOfState(word: string, seen: Seen, sql: string): boolean {
  if (word === 'set_config') {
    seen.setsForTransaction ??= setsForTransaction(sql);
    return !seen.setsForTransaction;
  }
  return seen.words.length < MOST_WORDS || STATE_WORD.test(word);
}

function endStatement(seen: Seen): void {
  if (leavesState(seen.words)) seen.leavesState = true;
  seen.words = [];
}

function isSessionBound(
  command: string,
  previous: Token | undefined,
  { kind, text }: Token,
): boolean {
  if (kind === 'unclear') return true;
  if (kind === 'word') {
    if (command === 'explain' && text === 'execute') return true;
    return text === 'pg_temp' || makesTemporary(text, previous?.text);
  }
  if (text !== '(' || previous?.kind !== 'word') return false;
  return SESSION_FUNCTIONS.has(previous.text) || SESSION_FAMILIES.test(previous.text);
}

import { type Token, tokenize } from './tokenize.ts';

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
  'pg_export_snapshot',
  'pg_try_advisory_lock',
  'pg_try_advisory_lock_shared',
  'set_config',
  'setseed',
]);

/** Large objects live in a transaction; a dblink is opened in one statement and used in the next. */
const SESSION_FAMILIES = /^(?:lo_|dblink)/;

/** Words that take locks on rows, anywhere in a statement: a WITH may hold an UPDATE. */
const LOCKING_WORDS = new Set(['insert', 'update', 'delete', 'merge', 'share']);

/** What the dispatcher has to know of a text; found once, by its tokens. */
export interface StatementTraits {
  readonly class: StatementClass;
  /**
   * It may wait for a row that somebody's transaction has locked, for as long as that lasts.
   * A column of such a name makes it true as well: then it only shares less than it could.
   */
  readonly mayWaitForLocks: boolean;
}

export function examine(sql: string): StatementTraits {
  let first = true;
  let ended = false;
  let mayWaitForLocks = false;
  let previous: Token | undefined;
  for (const token of tokenize(sql)) {
    if (ended && token.kind !== 'semicolon') return EXCLUSIVE;
    if (token.kind === 'semicolon') {
      if (first) return EXCLUSIVE;
      ended = true;
      continue;
    }
    if (first) {
      if (token.text === '(') continue;
      if (token.kind !== 'word' || !SHARED_COMMANDS.has(token.text)) return EXCLUSIVE;
      first = false;
    }
    if (isSessionBound(previous, token)) return EXCLUSIVE;
    if (token.kind === 'word' && LOCKING_WORDS.has(token.text)) mayWaitForLocks = true;
    previous = token;
  }
  return first ? EXCLUSIVE : { class: 'shared', mayWaitForLocks };
}

export function classify(sql: string): StatementClass {
  return examine(sql).class;
}

function isSessionBound(previous: Token | undefined, { kind, text }: Token): boolean {
  if (kind === 'word') {
    if (text === 'pg_temp') return true;
    return (text === 'temp' || text === 'temporary') && previous?.text === 'into';
  }
  if (text !== '(' || previous?.kind !== 'word') return false;
  return SESSION_FUNCTIONS.has(previous.text) || SESSION_FAMILIES.test(previous.text);
}

const EXCLUSIVE: StatementTraits = { class: 'exclusive', mayWaitForLocks: true };

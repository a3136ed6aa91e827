import { tokenize } from './tokenize.ts';

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

/** Words that make even a SELECT depend on its session, or leave something in it. */
const SESSION_WORDS = new Set([
  'currval',
  'dblink_connect',
  'dblink_connect_u',
  'lastval',
  'pg_advisory_lock',
  'pg_advisory_lock_shared',
  'pg_advisory_unlock',
  'pg_advisory_unlock_all',
  'pg_advisory_unlock_shared',
  'pg_backend_pid',
  'pg_export_snapshot',
  'pg_temp',
  'pg_try_advisory_lock',
  'pg_try_advisory_lock_shared',
  'set_config',
  'setseed',
  'temp',
  'temporary',
]);

/** Large objects live in a transaction; their descriptors belong to the session. */
const LARGE_OBJECT = /^lo_/;

export function classify(sql: string): StatementClass {
  let first = true;
  let ended = false;
  for (const token of tokenize(sql)) {
    if (ended && token.kind !== 'semicolon') return 'exclusive';
    if (token.kind === 'semicolon') {
      if (first) return 'exclusive';
      ended = true;
      continue;
    }
    if (first) {
      const opensParenthesis = token.text === '(';
      if (opensParenthesis) continue;
      if (token.kind !== 'word' || !SHARED_COMMANDS.has(token.text)) return 'exclusive';
      first = false;
      continue;
    }
    if (token.kind === 'word' && (SESSION_WORDS.has(token.text) || LARGE_OBJECT.test(token.text))) {
      return 'exclusive';
    }
  }
  return first ? 'exclusive' : 'shared';
}

import { tokenize } from './tokenize.ts';

/**
 * What a statement may leave behind in its session, beyond its own transaction; or take away from it, which may be
 * what the application has prepared there for everybody.
 */

/** Commands that do so, or of which nobody can tell what they do. */
const LEAVING_COMMANDS = new Set([
  'set',
  'listen',
  'prepare',
  'load',
  'call',
  'do',
  'reset',
  'discard',
  'unlisten',
  'deallocate',
]);

/** `SET` of these ends with the transaction. */
const SET_FOR_TRANSACTION = new Set(['local', 'transaction', 'constraints']);

/** Functions of which something stays until the session ends, or longer than the statement. */
const LEAVING_FUNCTIONS = new Set([
  'pg_advisory_lock',
  'pg_advisory_lock_shared',
  'pg_try_advisory_lock',
  'pg_try_advisory_lock_shared',
  'set_config',
  // Of pg_trgm.
  'set_limit',
  'setseed',
  'dblink_connect',
  'dblink_connect_u',
]);

const TEMPORARY = new Set(['temp', 'temporary']);
/** A column may be called temp; behind one of these it makes a table, a view or a sequence of it. */
const BEFORE_TEMPORARY = new Set(['create', 'replace', 'into', 'local', 'global']);

export function makesTemporary(word: string, previous: string | undefined): boolean {
  return TEMPORARY.has(word) && previous !== undefined && BEFORE_TEMPORARY.has(previous);
}

/** `words`: of one statement, in lower case and in order; names of functions among them. */
export function leavesState(words: readonly string[]): boolean {
  const [command = '', second = ''] = words;
  if (command === 'set') return !SET_FOR_TRANSACTION.has(second);
  if (command === 'prepare') return second !== 'transaction';
  if (command === 'declare') return words.includes('hold');
  if (LEAVING_COMMANDS.has(command)) return true;
  return words.some(
    (word, at) =>
      word === 'pg_temp' || LEAVING_FUNCTIONS.has(word) || makesTemporary(word, words[at - 1]),
  );
}

/**
 * Whether every `set_config(…, …, true)` in a text ends with its transaction, as SET LOCAL does: so tenants are set
 * for row level security. What is no plain `true` may be false.
 */
export function setsForTransaction(sql: string): boolean {
  const texts: string[] = [];
  for (const { kind, text } of tokenize(sql)) texts.push(kind === 'literal' ? '?' : text);
  return texts.every((text, at) => text !== 'set_config' || isForTransaction(texts, at + 1));
}

/** `opening`: where the parenthesis of the call should stand. */
function isForTransaction(texts: readonly string[], opening: number): boolean {
  let depth = 0;
  for (let at = opening; at < texts.length; at++) {
    if (texts[at] === '(') depth++;
    if (texts[at] === ')') depth--;
    if (depth === 0) return texts[at - 2] === ',' && texts[at - 1] === 'true';
  }
  return false;
}

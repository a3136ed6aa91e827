/** What a statement may leave behind in its session, beyond its own transaction. */

/** Commands that leave something, or of which nobody can tell what they do. */
const LEAVING_COMMANDS = new Set(['set', 'listen', 'prepare', 'load', 'call', 'do']);

/** `SET` of these ends with the transaction. */
const SET_FOR_TRANSACTION = new Set(['local', 'transaction', 'constraints']);

/** Functions of which something stays until the session ends, or longer than the statement. */
const LEAVING_FUNCTIONS = new Set([
  'pg_advisory_lock',
  'pg_advisory_lock_shared',
  'pg_try_advisory_lock',
  'pg_try_advisory_lock_shared',
  'set_config',
  'setseed',
  'dblink_connect',
  'dblink_connect_u',
]);

const TEMPORARY = new Set(['temp', 'temporary']);

/** `words`: of one statement, in lower case and in order; names of functions among them. */
export function leavesState(words: readonly string[]): boolean {
  const [command = '', second = ''] = words;
  if (command === 'set') return !SET_FOR_TRANSACTION.has(second);
  if (command === 'prepare') return second !== 'transaction';
  if (command === 'declare') return words.includes('hold');
  if (LEAVING_COMMANDS.has(command)) return true;
  // A column may be called temp; what makes a table of it is CREATE, or INTO just before.
  const makes = (word: string, at: number) =>
    TEMPORARY.has(word) && (command === 'create' || words[at - 1] === 'into');
  return words.some(
    (word, at) => word === 'pg_temp' || LEAVING_FUNCTIONS.has(word) || makes(word, at),
  );
}

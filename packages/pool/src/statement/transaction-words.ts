/**
 * What a text does to a transaction: opens one, sets the modes of one that is open, or ends it.
 * Only forms after which the session's state is certain: not AND CHAIN, not TO SAVEPOINT, not PREPARE.
 */
export type TransactionWord = 'begin' | 'modes' | 'end';

const MODE =
  '(?:isolation level (?:serializable|repeatable read|read committed|read uncommitted)|read write|read only|(?:not )?deferrable)';
const MODES = `${MODE}(?:(?: ,)? ${MODE})*`;
const BEGIN = new RegExp(`^(?:begin(?: work| transaction)?|start transaction)(?: ${MODES})?$`);
const SET_MODES = new RegExp(`^set transaction ${MODES}$`);
const END = /^(?:commit|end|rollback|abort)(?: work| transaction)?(?: and no chain)?$/;

/** Commands that can be one of these, asked first because it is asked of every text; and what the server answers. */
export const TRANSACTION_COMMANDS: ReadonlyMap<string, string> = new Map([
  ['begin', 'BEGIN'],
  ['start', 'START TRANSACTION'],
  ['set', 'SET'],
  ['commit', 'COMMIT'],
  ['end', 'COMMIT'],
  ['rollback', 'ROLLBACK'],
  ['abort', 'ROLLBACK'],
]);

/** `tokens`: those of one statement, in lower case, with a space between them. */
export function transactionWord(tokens: string): TransactionWord | undefined {
  if (BEGIN.test(tokens)) return 'begin';
  if (SET_MODES.test(tokens)) return 'modes';
  return END.test(tokens) ? 'end' : undefined;
}

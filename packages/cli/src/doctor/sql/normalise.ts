import { maskLiterals } from '@lifeguard/pool';

const LIST = /\((\s*(?:\?|\$\d+)\s*)(?:,\s*(?:\?|\$\d+)\s*)+\)/g;

/** A statement to show: its values replaced by `?`, comments gone, lists of values as one, on one line. */
export function normaliseSql(text: string): string {
  return maskLiterals(text).replace(LIST, '(…)');
}

import { jsonReport } from '../../frame/json.ts';
import type { Colours } from '../../terminal/colours.ts';
import { plural, wrap } from '../../terminal/words.ts';
import type { Check } from './check.ts';

const VERSION = 1;
const HANGING = '      ';
const WORDS = { pass: 'ok', warn: 'warn', fail: 'FAIL', unseen: '?' } as const;
const PAINTS = {
  pass: (colours: Colours) => colours.green,
  warn: (colours: Colours) => colours.yellow,
  fail: (colours: Colours) => colours.red,
  unseen: (colours: Colours) => colours.dim,
};

export interface CheckReport {
  readonly where: string;
  readonly checks: readonly Check[];
}

export function renderText(
  { where, checks }: CheckReport,
  width: number,
  colours: Colours,
): string {
  return [
    `${verdict(checks, colours)}\n${colours.dim(where)}`,
    checks.map((check) => line(check, width, colours)).join('\n'),
  ].join('\n\n');
}

function verdict(checks: readonly Check[], { bold, red, yellow, green }: Colours): string {
  const count = (status: Check['status']) => checks.filter((one) => one.status === status).length;
  const failed = count('fail');
  const warned = count('warn');
  if (failed > 0) {
    return bold(red(`NOT YET  ${plural(failed, 'thing')} would go wrong`));
  }
  const hidden = count('unseen') > 0 ? ', as far as it could be seen' : '';
  if (warned > 0) return bold(yellow(`READY${hidden}, with ${plural(warned, 'thing')} to mend`));
  return bold(green(`READY${hidden}`));
}

function line({ status, title, remedy }: Check, width: number, colours: Colours): string {
  const word = WORDS[status];
  const text = wrap(title, width, word.padEnd(HANGING.length), HANGING);
  return [
    PAINTS[status](colours)(word) + text.slice(word.length),
    ...(remedy === null ? [] : [wrap(remedy, width, `${HANGING}→ `, `${HANGING}  `)]),
  ].join('\n');
}

/** For programs. */
export function renderJson({ where, checks }: CheckReport): string {
  return jsonReport('pgbouncer check', VERSION, { where, checks });
}

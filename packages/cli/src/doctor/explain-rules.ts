import { didYouMean } from '../frame/nearest.ts';
import { UserError } from '../frame/user-error.ts';
import { type Cell, layOutTable } from '../terminal/table.ts';
import { bytes, wrap } from '../terminal/words.ts';
import { RULES } from './rules/catalogue.ts';
import type { Rule, Threshold } from './rules/rule.ts';

/** `--explain`: one rule, for a terminal. */
export function explainRule(id: string, width: number): string {
  const rule = RULES.find((one) => one.id === id);
  if (!rule) {
    const ids = RULES.map((one) => one.id);
    throw new UserError(
      `--explain ${id}: there is no such rule${didYouMean(id, ids) || '; --rules lists them'}`,
    );
  }
  return [
    `${rule.id} (${rule.source}; ${rule.severities.join(', ')})`,
    wrap(`Finds: ${rule.finds}`, width, '  '),
    wrap(`Why: ${rule.why}`, width, '  '),
    ...thresholdLines(rule, width),
    wrap(`Tune it in lifeguard.config.json: ${example(rule)}`, width, '  '),
  ].join('\n');
}

/** `--rules`: all of them, a line each. */
export function listRules(width: number): string {
  const rows: Cell[][] = RULES.map(({ id, source, severities }) => [
    { text: id },
    { text: source },
    { text: severities.join(', ') },
  ]);
  const table = layOutTable(rows, { left: [0, 1, 2] });
  return `${table}\n\n${wrap('lifeguard doctor --explain RULE tells what it finds, why, and its thresholds.', width)}`;
}

/** `100 MB`, `80 %`, `10 s`. */
export function tellThreshold({ value, unit }: Threshold): string {
  return unit === 'bytes'
    ? bytes(value)
    : `${value.toLocaleString('en').replaceAll(',', ' ')} ${unit}`;
}

function thresholdLines({ thresholds }: Rule, width: number): string[] {
  return Object.entries(thresholds).map(([name, threshold]) =>
    wrap(
      `${name} = ${tellThreshold(threshold)}: ${threshold.means} (${threshold.source})`,
      width,
      '  · ',
      '    ',
    ),
  );
}

function example({ id, thresholds, ignores }: Rule): string {
  const [name] = Object.keys(thresholds);
  const tuned = {
    ...(name && { thresholds: { [name]: thresholds[name]?.value } }),
    ...(ignores && { ignore: [`${ignores} to leave out`] }),
  };
  const settings = Object.keys(tuned).length > 0 ? tuned : 'off';
  return JSON.stringify({ doctor: { rules: { [id]: settings } } });
}

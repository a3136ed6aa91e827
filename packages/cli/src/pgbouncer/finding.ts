import type { Colours } from '../terminal/colours.ts';
import { wrap } from '../terminal/words.ts';

export type Severity = 'critical' | 'warning' | 'info';

/** Something about a PgBouncer that somebody should know. */
export interface PoolerFinding {
  readonly id: string;
  readonly severity: Severity;
  readonly title: string;
  /** The numbers that show it. */
  readonly evidence: readonly string[];
  /** What it comes from, or leads to. */
  readonly means: string;
  readonly remedy: string;
}

const INDENT = '   ';

export function renderFinding(
  { severity, title, evidence, means, remedy }: PoolerFinding,
  width: number,
  colours: Colours,
): string {
  const paint = { critical: colours.red, warning: colours.yellow, info: colours.blue }[severity];
  return [
    wrap(
      `${colours.bold(paint(severity.toUpperCase()))} ${colours.bold(title)}`,
      width,
      '',
      INDENT,
    ),
    ...evidence.map((line) => wrap(line, width, `${INDENT}· `, `${INDENT}  `)),
    wrap(means, width, INDENT),
    wrap(remedy, width, `${INDENT}→ `, `${INDENT}  `),
  ].join('\n');
}

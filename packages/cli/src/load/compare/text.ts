import { type Cell, layOutTable } from '../../terminal/table.ts';
import { cut, wrap } from '../../terminal/words.ts';
import type { ReportOptions } from '../report/text.ts';
import type { LoadResult } from '../result/result.ts';
import { type Comparison, linesOf, type Pair } from './compare.ts';

export function renderComparison(
  comparison: Comparison,
  names: readonly [string, string],
  { width, colours }: ReportOptions,
): string {
  const { a, b, pairs, verdict, notes } = comparison;
  const { bold, dim, green, red } = colours;
  const head = (letter: string, name: string, { target, startedAt }: LoadResult) =>
    cut(`${letter}  ${name}  ${target.method} ${target.url}  ${stamp(startedAt)}`, width, 'middle');
  const rows = (pair: Pair): Cell[][] => [
    [{ text: `at ${pair.at}`, colour: bold }],
    ...linesOf(pair).map((line): Cell[] => [
      { text: `  ${line.name}` },
      { text: line.a },
      { text: line.b },
      {
        text: line.ratio,
        colour: line.isBetter === undefined ? undefined : line.isBetter ? green : red,
      },
    ]),
  ];
  const titles = ['', 'A', 'B', 'B to A'].map((text) => ({ text, colour: dim }));
  return [
    `${head('A', names[0], a)}\n${head('B', names[1], b)}`,
    bold(wrap(verdict, width)),
    pairs.length > 0 ? layOutTable([titles, ...pairs.flatMap(rows)]) : '',
    notes.map((note) => dim(wrap(note, width, '· ', '  '))).join('\n'),
  ]
    .filter((section) => section !== '')
    .join('\n\n');
}

function stamp(time: string): string {
  return `${time.slice(0, 16).replace('T', ' ')} UTC`;
}

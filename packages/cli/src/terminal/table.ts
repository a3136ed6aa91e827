import { textWidth } from './words.ts';

export interface Cell {
  readonly text: string;
  readonly colour?: ((text: string) => string) | undefined;
}

export interface TableOptions {
  /** Columns that are aligned to the left; the first one unless given. */
  readonly left?: readonly number[];
  readonly gap?: string;
}

/** One line for each row, columns aligned; a row of a single cell is a heading and widens no column. */
export function layOutTable(
  rows: readonly (readonly Cell[])[],
  { left = [0], gap = '  ' }: TableOptions = {},
): string {
  const full = rows.filter((row) => row.length > 1);
  const columns = Math.max(0, ...full.map((row) => row.length));
  const widths = Array.from({ length: columns }, (_, column) =>
    Math.max(0, ...full.map((row) => textWidth(row[column]?.text ?? ''))),
  );
  const pad = ({ text, colour = plain }: Cell, column: number) => {
    const blanks = ' '.repeat(Math.max(0, (widths[column] ?? 0) - textWidth(text)));
    return colour(left.includes(column) ? text + blanks : blanks + text);
  };
  return rows
    .map((row) => (row.length === 1 ? heading(row) : row.map(pad).join(gap).trimEnd()))
    .join('\n');
}

function heading([cell]: readonly Cell[]): string {
  const { text, colour = plain } = cell ?? { text: '' };
  return colour(text);
}

function plain(text: string): string {
  return text;
}

import pc from 'picocolors';
import type { IncidentResult } from './run-incident.ts';
import { millis } from './words.ts';

const HEADINGS = ['', 'served', 'failed', 'per second', 'p50', 'p99', 'worst wait', 'connections'];

type Colour = (text: string) => string;
interface Cell {
  readonly text: string;
  readonly colour?: Colour;
}

/** The results as one table, a block for each incident and stream. */
export function renderTable(results: readonly IncidentResult[]): string {
  const rows = results.flatMap(rowsOf);
  // A heading is alone in its row and may be wider than its column.
  const figures = rows.filter((row) => row.length > 1);
  const widths = HEADINGS.map((heading, column) =>
    Math.max(heading.length, ...figures.map((row) => row[column]?.text.length ?? 0)),
  );
  const line = (cells: readonly Cell[]) =>
    cells
      .map(({ text, colour = plain }, column) => {
        const width = widths[column] ?? 0;
        return colour(column === 0 ? text.padEnd(width) : text.padStart(width));
      })
      .join('  ')
      .trimEnd();
  const header = line(HEADINGS.map((text) => ({ text, colour: pc.dim })));
  return [header, ...rows.map((row) => (row.length === 1 ? (row[0]?.text ?? '') : line(row)))].join(
    '\n',
  );
}

function rowsOf({ incident, connectionLimit, variants }: IncidentResult): Cell[][] {
  return incident.streams.flatMap(({ name, arrival }) => [
    [{ text: '' }],
    [{ text: pc.bold(title(incident.name, name, connectionLimit)) }],
    ...variants.map(({ variant, streams, connections }) => {
      const load = streams.find(({ stream }) => stream === name)?.load;
      if (!load) return [{ text: variant.label }];
      const { served, failed, throughput, latencyMillis, worstMillis } = load;
      const cells: Cell[] = [
        { text: `  ${variant.label}` },
        { text: String(served) },
        { text: String(failed), colour: failed > 0 ? pc.red : pc.green },
        // Visitors who come by the clock are all served in the end: what tells is their wait.
        { text: arrival.kind === 'closed' ? throughput.toFixed(1) : '–' },
        { text: served > 0 ? millis(latencyMillis.p50) : '–' },
        { text: served > 0 ? millis(latencyMillis.p99) : '–' },
        { text: millis(worstMillis) },
        { text: String(connections) },
      ];
      return cells;
    }),
  ]);
}

function title(incident: string, stream: string, limit: number): string {
  const what = incident === stream ? incident : `${incident}: ${stream}`;
  return `${what} (connection_limit=${limit})`;
}

function plain(text: string): string {
  return text;
}

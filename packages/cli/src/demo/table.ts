import type { Colours } from '../terminal/colours.ts';
import { type Cell, layOutTable } from '../terminal/table.ts';
import { millis } from '../terminal/words.ts';
import type { IncidentResult } from './run-incident.ts';

const HEADINGS = ['', 'served', 'failed', 'per second', 'p50', 'p99', 'worst wait', 'connections'];

/** The results as one table, a block for each incident and stream. */
export function renderTable(results: readonly IncidentResult[], colours: Colours): string {
  const header = HEADINGS.map((text) => ({ text, colour: colours.dim }));
  return layOutTable([header, ...results.flatMap((result) => rowsOf(result, colours))]);
}

function rowsOf(
  { incident, streams: shown, connectionLimit, variants }: IncidentResult,
  colours: Colours,
): Cell[][] {
  return shown.flatMap(({ name, arrival }) => [
    [{ text: '' }],
    [{ text: colours.bold(title(incident.name, name, connectionLimit)) }],
    ...variants.map(({ variant, streams, connections }) => {
      const load = streams.find(({ stream }) => stream === name)?.load;
      if (!load) return [{ text: variant.label }];
      const { served, failed, throughput, latencyMillis, worstMillis } = load;
      const cells: Cell[] = [
        { text: `  ${variant.label}` },
        { text: String(served) },
        { text: String(failed), colour: failed > 0 ? colours.red : colours.green },
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

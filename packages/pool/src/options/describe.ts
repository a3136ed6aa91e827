import { optionNames } from './table.ts';
import type { Origin, ResolvedOptions } from './types.ts';

const PLACE: Record<Origin['from'], string> = {
  code: ' in code',
  environment: ' in the environment',
  url: ' in the URL',
  default: '',
};

function describeOrigin({ from, name }: Origin): string {
  return from === 'default' ? 'default' : name + PLACE[from];
}

/** Lists every option with its value and where that came from, one aligned line each, no secrets. */
export function describeOptions({ options, origins, schema }: ResolvedOptions): string {
  const rows = optionNames.map((name) => [
    name as string,
    String(options[name] ?? '-'),
    describeOrigin(origins[name]),
  ]);
  if (schema !== undefined) rows.push(['schema', schema, 'schema in the URL']);
  const width = (column: number) => Math.max(...rows.map((row) => row[column]?.length ?? 0));
  const [names, values] = [width(0), width(1)];
  return rows
    .map(([name = '', value = '', origin = '']) =>
      [name.padEnd(names), value.padEnd(values), origin].join('  '),
    )
    .join('\n');
}

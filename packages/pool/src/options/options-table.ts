import { optionNames, optionTable, type Spelling } from './table.ts';

function cell(spellings: Spelling<never>[]): string {
  const unit = (spelling: Spelling<never>) => (spelling.unit ? ` (${spelling.unit})` : '');
  return spellings.map((spelling) => `\`${spelling.name}\`${unit(spelling)}`).join(', ');
}

/** The options with their URL and environment names, units and defaults, as a Markdown table. */
export function optionsTable(): string {
  const rows = optionNames.map((name) => {
    const row = optionTable[name];
    const cells = [
      cell(row.url as Spelling<never>[]),
      cell([...row.environment, ...(row.fallback ?? [])] as Spelling<never>[]),
      cell(row.code as Spelling<never>[]),
      row.default === undefined ? '' : `\`${row.default}\``,
    ];
    return `| ${cells.join(' | ')} |`;
  });
  return [
    '| URL parameter | environment | code | default |',
    '| --- | --- | --- | --- |',
    ...rows,
  ].join('\n');
}

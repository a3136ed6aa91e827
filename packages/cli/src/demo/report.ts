import type { Incident } from '@lifeguard/monitor';
import type { Colours } from '../terminal/colours.ts';
import { wrap } from '../terminal/words.ts';

/** What Lifeguard reported of the unchanged code: the first incident in full, the others by title. */
export function renderReport(
  [first, ...others]: readonly Incident[],
  width: number,
  { bold, dim }: Colours,
): string {
  if (!first) return 'Lifeguard reported no incident.';
  const lines = [
    dim('What Lifeguard reported, with the code unchanged:'),
    wrap(`${bold(first.kind)}  ${first.title}`, width, '  '),
    ...first.evidence.map((line) => wrap(`· ${line}`, width, '    ')),
    wrap(`Repair: ${first.remedy}`, width, '    '),
    ...others.map(({ kind, title }) => wrap(dim(`also ${kind}: ${title}`), width, '  ')),
  ];
  return lines.join('\n');
}

import type { Incident } from '@lifeguard/monitor';
import pc from 'picocolors';
import { wrap } from './words.ts';

/** What Lifeguard reported of the unchanged code: the first incident in full, the others by title. */
export function renderReport([first, ...others]: readonly Incident[], width: number): string {
  if (!first) return 'Lifeguard reported no incident.';
  const lines = [
    pc.dim('What Lifeguard reported, with the code unchanged:'),
    wrap(`${pc.bold(first.kind)}  ${first.title}`, width, '  '),
    ...first.evidence.map((line) => wrap(`· ${line}`, width, '    ')),
    wrap(`Repair: ${first.remedy}`, width, '    '),
    ...others.map(({ kind, title }) => wrap(pc.dim(`also ${kind}: ${title}`), width, '  ')),
  ];
  return lines.join('\n');
}

import type { IncidentRecord } from '../wire.ts';

/** An incident as text, to be pasted into a ticket. */
export function incidentText(incident: IncidentRecord): string {
  const { title, pool, evidence, cause, remedy, firstSeen, overSince, count, site } = incident;
  const lines = [
    `# ${title}`,
    '',
    `Pool ${pool}, ${count === 1 ? 'once' : `${count} times`} since ${firstSeen}${overSince === null ? '' : `, over since ${overSince}`}.`,
    ...(site === undefined || evidence.some((line) => line.includes(site)) ? [] : [`At ${site}.`]),
    '',
    ...evidence.map((line) => `- ${line}`),
    '',
    `Why: ${cause}`,
    '',
    `What to do: ${remedy}`,
  ];
  return `${lines.join('\n')}\n`;
}

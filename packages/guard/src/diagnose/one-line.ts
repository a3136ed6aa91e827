import type { Diagnosis } from './types.ts';

/** The diagnosis in one line, for a log: what happened, the likeliest cause, the first thing to do. */
export function explainInOneLine({ kind, title, code, causes, remedies }: Diagnosis): string {
  const parts = [`${kind}${code === undefined ? '' : ` (${code})`}: ${sentence(title)}`];
  if (causes[0] !== undefined) parts.push(`Likely: ${sentence(causes[0])}`);
  if (remedies[0] !== undefined) parts.push(`First: ${sentence(remedies[0].title)}`);
  return parts.join(' ');
}

function sentence(text: string): string {
  return text.endsWith('.') ? text : `${text}.`;
}

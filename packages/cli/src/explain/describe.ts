import type { Diagnosis, Outcome } from '@lifeguard/guard';
import type { Colours } from '../terminal/colours.ts';
import { wrap } from '../terminal/words.ts';

const RAN: Record<Outcome, string> = {
  'not-sent': 'It has certainly not run.',
  failed: 'It was refused or rolled back: it has changed nothing.',
  unknown: 'It may have run: look before you send a write again.',
};

/** What an error means and what to do about it, laid out for a terminal. */
export function describe(diagnosis: Diagnosis, width: number, colours: Colours): string {
  const { kind, meaning, causes, remedies, outcome, transient, docs } = diagnosis;
  const part = (name: string, lines: readonly string[]) =>
    lines.length === 0 ? [] : ['', colours.dim(`  ${name}`), ...lines];
  const item = (mark: string, text: string) => wrap(text, width, `  ${mark} `, '    ');
  const again = transient
    ? 'Trying again a moment later can help.'
    : 'Trying again changes nothing.';
  return [
    wrap(meaning, width, '  '),
    ...part(
      'Why, likeliest first',
      causes.map((cause) => item('·', cause)),
    ),
    ...part(
      'What to do, first things first',
      remedies.flatMap(({ title, code }) => [
        item('→', title),
        ...(code === undefined ? [] : ['', code.replace(/^(?=.)/gm, '      '), '']),
      ]),
    ),
    ...(kind === 'unknown'
      ? []
      : part('The statement', [wrap(`${RAN[outcome]} ${again}`, width, '  ')])),
    ...(docs === undefined ? [] : part('Read on', [`  ${docs}`])),
  ]
    .join('\n')
    .replace(/\n{3,}/g, '\n\n');
}

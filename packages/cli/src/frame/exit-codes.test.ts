import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { makeProgram } from '../program.ts';
import { EXIT, EXIT_MEANINGS } from './exit-codes.ts';

const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
const meanings = Object.entries(EXIT_MEANINGS);

test('each has a meaning', () => {
  expect(meanings.map(([code]) => Number(code))).toEqual(Object.values(EXIT).sort((a, b) => a - b));
});

test('the README has them all in one table', () => {
  const rows = [...readme.matchAll(/^\| (\d+) +\| (.*?) +\|$/gm)].map(([, code, means]) => [
    code,
    means,
  ]);
  expect(rows).toEqual(meanings);
});

test('so has --help', () => {
  let help = '';
  const program = makeProgram().configureOutput({ writeOut: (text) => (help += text) });
  program.outputHelp();
  for (const [code, means] of meanings)
    expect(help).toMatch(new RegExp(`^  ${code} +${escaped(means)}$`, 'm'));
});

function escaped(text: string): string {
  return text.replace(/[()]/g, '\\$&');
}

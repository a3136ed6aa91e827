import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { BREAKER_NUMBERS } from './breaker/breaker-defaults.ts';
import type { NumberOption } from './numbers.ts';
import { RETRY_NUMBERS } from './retry/retry.ts';
import { BUDGET_NUMBERS } from './retry/retry-budget.ts';

const README = readFileSync(new URL('../README.md', import.meta.url), 'utf8');

const rows = (prefix: string, table: Readonly<Record<string, NumberOption>>) =>
  Object.entries(table).map(([name, option]) => [`${prefix}.${name}`, `${option.default}`]);

test('the README has each number with its default', () => {
  const [, table = ''] = /<!-- numbers -->(.*)<!-- \/numbers -->/s.exec(README) ?? [];
  const shown = [...table.matchAll(/^\| `([\w.]+)` +\| ([\d.]+) /gm)].map(([, ...cells]) => cells);
  const expected = [
    ...rows('retry', RETRY_NUMBERS),
    ...rows('retry.budget', BUDGET_NUMBERS),
    ...rows('breaker', BREAKER_NUMBERS),
  ];
  expect(shown).toEqual(expected);
});

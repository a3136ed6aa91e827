import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { configSchema } from '../config/schema.ts';
import { RULES } from './catalogue.ts';
import { rulesPage } from './rules-page.ts';

function read(path: string): string {
  return readFileSync(new URL(path, import.meta.url), 'utf8');
}

/** `npx vitest run packages/cli/src/doctor/rules/rules-page.test.ts -u` writes them anew. */
test('docs/doctor/rules.md tells of the rules as they are', async () => {
  await expect(rulesPage(RULES)).toMatchFileSnapshot('../../../../../docs/doctor/rules.md');
});

test('the schema of lifeguard.config.json knows the rules as they are', async () => {
  const schema = `${JSON.stringify(configSchema(RULES), undefined, 2)}\n`;
  await expect(schema).toMatchFileSnapshot('../../../schemas/lifeguard.config.schema.json');
});

test('every rule has a name of its own, a severity, a source, and thresholds with theirs', () => {
  expect(new Set(RULES.map(({ id }) => id)).size).toBe(RULES.length);
  for (const { id, severities, finds, why, thresholds } of RULES) {
    expect(id).toMatch(/^[a-z]+(-[a-z]+)*$/);
    expect(severities.length).toBeGreaterThan(0);
    for (const text of [finds, why]) expect(text).toMatch(/^[A-Z].*[.]$/s);
    for (const { means, source } of Object.values(thresholds))
      expect([means, source]).not.toContain('');
  }
});

test('the page is told of in the overview', () => {
  expect(read('../../../../../docs/doctor/README.md')).toContain('rules.md');
});

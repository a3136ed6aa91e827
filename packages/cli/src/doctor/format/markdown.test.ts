import { expect, test } from 'vitest';
import { healthyFacts, madeUpReport } from '../testing/made-up.ts';
import { sickFacts } from '../testing/sick-facts.ts';
import { renderMarkdown } from './markdown.ts';

test('a checklist', async () => {
  await expect(`${renderMarkdown(madeUpReport(sickFacts()))}\n`).toMatchFileSnapshot(
    'golden/sick.md',
  );
});

test('healthy', () => {
  expect(renderMarkdown(madeUpReport(healthyFacts()))).toMatch(
    /^## lifeguard doctor: shop at db\.internal:5432 \(DATABASE\\_URL\), PostgreSQL 18\.4\n\nHealthy: nothing that needs doing\./,
  );
});

test('what looks like markup stays what it is', () => {
  const report = madeUpReport(healthyFacts(), {
    findings: [
      {
        id: 'x',
        severity: 'info',
        source: 'server',
        title: 'a *bold* <script> | `tick`',
        evidence: ['[link](x)'],
        why: 'Because.',
        remedies: [{ title: 'Do', code: 'a\n```\nb', language: 'sql' }],
        docs: 'x',
      },
    ],
  });
  const text = renderMarkdown(report);
  expect(text).toContain('**a \\*bold\\* \\<script\\> \\| \\`tick\\`**');
  expect(text).toContain('  ````sql\n  a\n  ```\n  b\n  ````');
});

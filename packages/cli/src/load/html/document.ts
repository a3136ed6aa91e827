import { createHash } from 'node:crypto';
import type { PageChart } from '@lifeguard/dashboard/load-report';
import { loadPage } from '../../generated/load-page.ts';
import { chartFigure } from './figure.ts';
import { escaped, html, type Markup } from './markup.ts';

/** Before anything is drawn: else a dark page would flash white. */
const THEME =
  "document.documentElement.dataset.theme=matchMedia('(prefers-color-scheme: dark)').matches?'dark':'light'";

export interface PageContent {
  readonly title: string;
  readonly head: Markup;
  readonly body: Markup;
  readonly charts: readonly PageChart[];
}

/** One file that needs nothing else and asks nobody for anything; its policy allows what it holds by its hash. */
export function documentOf({ title, head, body, charts }: PageContent): string {
  const { script, style } = loadPage;
  const policy = [
    "default-src 'none'",
    `script-src ${[THEME, script].map(hashOf).join(' ')}`,
    `style-src ${hashOf(style)}`,
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  const figures = charts.filter(({ lines }) => lines.some(({ values }) => values.length > 0));
  const page = html`${head}
<section class="charts" aria-label="Charts">
${figures.map(chartFigure)}
</section>
<noscript><p class="meta">The charts are drawn by a script, which is switched off here. All figures stand in the tables.</p></noscript>
${body}`;
  return [
    '<!doctype html>',
    '<html lang="en">',
    '<meta charset="utf-8">',
    `<meta http-equiv="content-security-policy" content="${escaped(policy)}">`,
    `<title>${escaped(title)}</title>`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<meta name="color-scheme" content="light dark">',
    '<link rel="icon" href="data:,">',
    `<script>${THEME}</script>`,
    `<style>${style}</style>`,
    `<body><main>${page.html}</main>`,
    `<script type="application/json" id="charts">${JSON.stringify(figures).replaceAll('<', '\\u003c')}</script>`,
    `<script>${script}</script>`,
    '</body>',
    '</html>',
  ].join('\n');
}

function hashOf(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
}

import { type Comparison, linesOf, type Pair } from '../compare/compare.ts';
import type { LoadResult } from '../result/result.ts';
import { comparisonCharts } from './compare-charts.ts';
import { documentOf } from './document.ts';
import { html, type Markup } from './markup.ts';
import { stamp } from './report-page.ts';

/** Two results overlaid, as one HTML file. */
export function comparisonPage(comparison: Comparison, names: readonly [string, string]): string {
  const { a, b, verdict, notes, pairs } = comparison;
  const subject = (letter: string, name: string, { target, startedAt, verdict: own }: LoadResult) =>
    html`<li><b>${letter}</b> ${name}: ${target.method} <span class="url">${target.url}</span>, ${stamp(startedAt)}. ${own}</li>`;
  return documentOf({
    title: `Load compared: ${names[0]} and ${names[1]}`,
    head: html`<header class="report-head"><p class="meta">Two loads compared</p>
<h1>${names[0]} and ${names[1]}</h1>
<p class="verdict" data-status="plain">${verdict}</p>
<ul class="notes">${subject('A', names[0], a)}${subject('B', names[1], b)}${notes.map((note) => html`<li>${note}</li>`)}</ul></header>`,
    body: html`<div class="tables">${pairs.map(pairTable)}</div><footer>Made by lifeguard load --compare.</footer>`,
    charts: comparisonCharts(comparison),
  });
}

function pairTable(pair: Pair): Markup {
  const rows = linesOf(pair).map(({ name, a, b, ratio, isBetter }) => {
    const mark = isBetter === undefined ? '' : isBetter ? 'good' : 'bad';
    return html`<tr><th scope="row">${name}</th><td>${a}</td><td>${b}</td><td class="${mark}">${ratio}</td></tr>`;
  });
  return html`<section class="card"><h2>At ${pair.at}</h2><table><thead><tr><td></td><th scope="col">A</th><th scope="col">B</th><th scope="col">B to A</th></tr></thead><tbody>${rows}</tbody></table></section>`;
}

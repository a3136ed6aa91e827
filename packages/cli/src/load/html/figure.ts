import type { PageChart, PageLine } from '@lifeguard/dashboard/load-report';
import { grouped, millis } from '../../terminal/words.ts';
import { html, type Markup } from './markup.ts';

/** A chart's frame, with what it says in words; the script draws into it. */
export function chartFigure(chart: PageChart): Markup {
  const { id, title, lines, x } = chart;
  const reading = x === 'percentile' ? 'slowest' : 'at most';
  return html`<figure class="chart" id="${id}">
<figcaption class="chart-head">
<span class="chart-title">${title}</span><span class="chart-moment" data-idle="${reading}">${reading}</span>
<span class="chart-values">${lines.map((line, i) => readingOf(chart, line, i))}</span>
</figcaption>
<div class="chart-plot" data-chart="${id}" aria-hidden="true"></div>
<p class="unseen">${summaryOf(chart)}</p>
</figure>
`;
}

function readingOf(chart: PageChart, { label, colour, kind, values }: PageLine, i: number): Markup {
  const said = sayValue(most(values), chart.unit);
  return html`<span class="value"><b data-line="${i}" data-idle="${said}">${said}</b><span><span class="swatch" data-kind="${kind}" data-colour="${colour}"></span>${label}</span></span>`;
}

/** For who can't see it. */
function summaryOf({ lines, unit, x }: PageChart): string {
  const over = x === 'percentile' ? 'of the slowest request' : 'over time';
  return lines
    .map(({ label, values }) => {
      const known = values.filter((value) => value !== null);
      if (known.length === 0) return `${label}: nothing.`;
      const [first, last] = [known[0] ?? 0, known.at(-1) ?? 0];
      return x === 'percentile'
        ? `${label}: ${sayValue(most(values), unit)} ${over}.`
        : `${label}: from ${sayValue(first, unit)} to ${sayValue(last, unit)} ${over}, at most ${sayValue(most(values), unit)}.`;
    })
    .join(' ');
}

function most(values: readonly (number | null)[]): number {
  return values.reduce<number>((highest, value) => Math.max(highest, value ?? 0), 0);
}

function sayValue(value: number, unit: PageChart['unit']): string {
  if (unit === 'millis') return millis(value);
  return unit === 'perSecond' ? `${grouped(value)}/s` : grouped(value);
}

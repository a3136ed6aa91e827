import { draw } from './draw.ts';
import type { PageChart } from './page-data.ts';
import './page.css';

const charts = JSON.parse(document.getElementById('charts')?.textContent ?? '[]') as PageChart[];
const themes: (() => void)[] = [];
const byId = new Map(charts.map((chart) => [chart.id, chart]));

for (const place of document.querySelectorAll<HTMLElement>('[data-chart]')) {
  const chart = byId.get(place.dataset.chart ?? '');
  if (chart) keepDrawn(place, chart);
}

/** Draws it anew when its width or the theme changes: a canvas knows neither. */
function keepDrawn(place: HTMLElement, chart: PageChart): void {
  let width = 0;
  let undo = () => {};
  const redraw = () => {
    undo();
    undo = width > 0 ? draw(place, chart, width) : () => {};
  };
  new ResizeObserver(([entry]) => {
    const now = Math.floor(entry?.contentRect.width ?? 0);
    if (now === width) return;
    width = now;
    redraw();
  }).observe(place);
  themes.push(redraw);
}

const dark = matchMedia('(prefers-color-scheme: dark)');
dark.addEventListener('change', () => {
  document.documentElement.dataset.theme = dark.matches ? 'dark' : 'light';
  for (const redraw of themes) redraw();
});

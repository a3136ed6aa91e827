import { grouped, millis, plural, share } from '../../terminal/words.ts';
import { failureWords, howWords, NOT_HELD, resultWords } from '../report/words.ts';
import type { Judgement, LoadResult, Phase, Waits } from '../result/result.ts';
import { perSecond } from '../result/verdict.ts';
import { chartsOf } from './charts.ts';
import { documentOf } from './document.ts';
import { html, type Markup } from './markup.ts';

/** The report of one load as one HTML file. */
export function reportPage(result: LoadResult): string {
  const { target } = result;
  return documentOf({
    title: `Load of ${target.url}`,
    head: html`${head(result)}${steps(result)}`,
    body: html`<div class="tables">${failures(result)}${rules(result)}${database(result)}${incidents(result)}</div>${footer(result)}`,
    charts: chartsOf(result),
  });
}

function head({ target, settings, phases, verdict, notes, startedAt }: LoadResult): Markup {
  const isWell = phases.length > 0 && phases.every(({ held }) => held);
  return html`<header class="report-head">
<p class="meta">Load report, ${stamp(startedAt)}</p>
<h1>${target.method} <span class="url">${target.url}</span></h1>
<p class="meta">${howWords(settings, phases)}.</p>
<p class="verdict" data-status="${isWell ? 'pass' : 'fail'}">${verdict}</p>
${notes.length > 0 && html`<ul class="notes">${notes.map((note) => html`<li>${note}</li>`)}</ul>`}
</header>`;
}

function steps({ phases, settings }: LoadResult): Markup {
  const isOpen = settings.model === 'open';
  const titles = [
    isOpen ? 'Offered' : 'Workers',
    'Served',
    'Failed',
    'p50',
    'p90',
    'p99',
    'p99.9',
    'Max',
    'Waiting, p99',
    'Service, p99',
    'Result',
  ];
  const row = (phase: Phase & Judgement) => html`<tr data-held="${String(phase.held)}">
<th scope="row">${isOpen ? perSecond(phase.rate ?? 0) : String(phase.workers)}</th>
<td>${perSecond(phase.servedPerSecond)}</td>
<td class="${phase.failed > 0 ? 'bad' : ''}">${share(phase.failed, phase.offered)}</td>
${wait(phase, phase.latency, 'p50')}${wait(phase, phase.latency, 'p90')}${wait(phase, phase.latency, 'p99')}${wait(phase, phase.latency, 'p999')}${wait(phase, phase.latency, 'max')}
${wait(phase, phase.waiting, 'p99')}${wait(phase, phase.service, 'p99')}
<td class="${phase.held ? 'good' : 'bad'}">${phase.because === null ? 'held' : NOT_HELD[phase.because]}</td>
</tr>`;
  return html`<section class="card"><h2>${phases.length > 1 ? 'Steps' : 'Latency'}</h2>
<p class="meta">Latency of the served, from the moment it was wanted: waiting on our side, for a connection and our own clock, and the service’s own time.</p>
<div class="scroll" tabindex="0" role="region" aria-label="Steps"><table><thead><tr>${titles.map((title) => html`<th scope="col">${title}</th>`)}</tr></thead>
<tbody>${phases.map(row)}</tbody></table></div></section>`;
}

function wait({ served }: Phase, waits: Waits, which: keyof Waits): Markup {
  return html`<td>${served === 0 ? '–' : millis(waits[which])}</td>`;
}

function failures({ failures: kinds, phases }: LoadResult): Markup {
  if (kinds.length === 0) return html``;
  const offered = phases.reduce((sum, phase) => sum + phase.offered, 0);
  const rows = kinds.map(
    (one) =>
      html`<tr><th scope="row">${one.kind}</th><td class="text">${meaningOf(one)}</td><td>${grouped(one.count)}</td><td>${share(one.count, offered)}</td></tr>`,
  );
  return html`<section class="card"><h2>Failures</h2>
<div class="scroll" tabindex="0" role="region" aria-label="Failures"><table><thead><tr><th scope="col">Kind</th><th scope="col" class="text">Means</th><th scope="col">Requests</th><th scope="col">Of all</th></tr></thead><tbody>${rows}</tbody></table></div></section>`;
}

function meaningOf(one: LoadResult['failures'][number]): string {
  return one.title ?? failureWords(one);
}

function incidents({ monitor }: LoadResult): Markup {
  if (!monitor || monitor.incidents.length === 0) return html``;
  const items = monitor.incidents.map(
    ({ title, cause, remedy }) =>
      html`<li><p><b>${title}</b></p><p>${cause}</p><p class="remedy">${remedy}</p></li>`,
  );
  return html`<section class="card"><h2>What the application’s monitor says</h2><ul class="incidents">${items}</ul></section>`;
}

function rules({ thresholds }: LoadResult): Markup {
  if (thresholds.length === 0) return html``;
  const rows = thresholds.map((one) => {
    const words = one.crossed ? 'failed' : 'passed';
    return html`<tr><th scope="row">${one.text}</th><td class="${one.crossed ? 'bad' : 'good'}">${words}</td><td>${resultWords(one)}</td></tr>`;
  });
  return html`<section class="card"><h2>Rules</h2><table><thead><tr><th scope="col">Fails if</th><th scope="col">Result</th><th scope="col">Measured</th></tr></thead><tbody>${rows}</tbody></table></section>`;
}

function database({ database: seen }: LoadResult): Markup {
  if (!seen || seen.at.length === 0) return html``;
  const { where, maxConnections, states, waits } = seen;
  const row = (name: string, values: readonly number[]) =>
    html`<tr><th scope="row">${name}</th><td>${mean(values)}</td><td>${grouped(Math.max(...values))}</td></tr>`;
  const rows = [
    ...Object.entries(states).map(([name, values]) => row(name, values)),
    ...Object.entries(waits).map(([name, values]) => row(`active, waiting for ${name}`, values)),
  ];
  return html`<section class="card"><h2>Database connections</h2><p class="meta">${where}${maxConnections === null ? '' : `, max_connections ${grouped(maxConnections)}`}; ${plural(seen.at.length, 'look')}, one a second</p>
<table><thead><tr><th scope="col">State</th><th scope="col">Mean</th><th scope="col">At most</th></tr></thead><tbody>${rows}</tbody></table></section>`;
}

function mean(values: readonly number[]): string {
  return (values.reduce((sum, one) => sum + one, 0) / values.length).toFixed(1);
}

function footer({ settings }: LoadResult): Markup {
  const words =
    settings.model === 'open'
      ? 'Open model: requests came at their own times, however slow the answers were, and each wait counts from the moment at which its user wanted it.'
      : 'Closed model: each worker waited for its answer before it asked again; users of an open service wait longer than that.';
  return html`<footer>${words} A step is held when at most 1 % fail, 95 % are served in time and p99 stays within ten times that of the first step. Made by lifeguard load.</footer>`;
}

export function stamp(time: string): string {
  return `${time.slice(0, 16).replace('T', ' ')} UTC`;
}

import type { Colours } from '../../terminal/colours.ts';
import { type Cell, layOutTable } from '../../terminal/table.ts';
import { cut, grouped, millis, plural, share, wrap } from '../../terminal/words.ts';
import type { Judgement, LoadResult } from '../result/result.ts';
import { perSecond } from '../result/verdict.ts';
import { surroundings } from './surroundings.ts';
import { failureWords, howWords, NOT_HELD, resultWords } from './words.ts';

export interface ReportOptions {
  readonly width: number;
  readonly colours: Colours;
}

const MOST_FAILURES_SHOWN = 8;

/** The whole report for a terminal. */
export function renderText(result: LoadResult, options: ReportOptions): string {
  const { colours, width } = options;
  const sections = [
    head(result, options),
    colours.bold(wrap(result.verdict, width)),
    phasesTable(result, colours),
    whereTheTimeWent(result, colours),
    failures(result, options),
    ...surroundings(result, options),
    thresholds(result, colours),
    notes(result, options),
  ];
  return sections.filter((section) => section !== '').join('\n\n');
}

function head({ target, settings, phases }: LoadResult, { width, colours }: ReportOptions): string {
  const { bodyBytes } = target;
  const address = `${target.method} ${target.url}`;
  const body = bodyBytes > 0 ? ` with a body of ${plural(bodyBytes, 'byte')}` : '';
  return `${colours.bold(cut(address + body, width, 'middle'))}\n${colours.dim(wrap(howWords(settings, phases), width))}`;
}

function phasesTable({ phases, settings }: LoadResult, colours: Colours): string {
  if (phases.every(({ offered }) => offered === 0)) return '';
  const { dim, red, green } = colours;
  const isOpen = settings.model === 'open';
  const titles = [
    isOpen ? 'offered' : 'workers',
    'served',
    'failed',
    'p50',
    'p90',
    'p99',
    'p99.9',
    'max',
  ];
  const several = phases.length > 1;
  const rows = phases.map((phase): Cell[] => [
    { text: isOpen ? perSecond(phase.rate ?? 0) : String(phase.workers) },
    { text: perSecond(phase.servedPerSecond), colour: phase.held ? undefined : red },
    { text: share(phase.failed, phase.offered), colour: phase.failed > 0 ? red : undefined },
    ...[phase.latency.p50, phase.latency.p90, phase.latency.p99, phase.latency.p999].map(
      (value) => ({ text: phase.served === 0 ? '–' : millis(value) }),
    ),
    { text: phase.served === 0 ? '–' : millis(phase.latency.max) },
    ...(several && isOpen
      ? [{ text: phase.held ? 'held' : notHeld(phase), colour: phase.held ? green : red }]
      : []),
  ]);
  const caption = dim('Latency of the served, from the intended start');
  const left = several && isOpen ? [0, titles.length] : [0];
  return `${layOutTable([titles.map((text) => ({ text, colour: dim })), ...rows], { left })}\n${caption}`;
}

function notHeld({ because }: Judgement): string {
  return because === null ? 'held' : NOT_HELD[because];
}

/** Waiting on our side apart from the service. */
function whereTheTimeWent({ phases, settings }: LoadResult, { bold, dim }: Colours): string {
  const told = phases.filter(({ served }) => served > 0);
  if (told.length === 0) return '';
  const rows = told.map(({ rate, workers, waiting, service }): Cell[] => [
    { text: rate === null ? String(workers) : perSecond(rate) },
    ...[waiting.p50, waiting.p99, service.p50, service.p99].map((value) => ({
      text: millis(value),
    })),
  ]);
  const isOpen = settings.model === 'open';
  const titles = [isOpen ? 'offered' : 'workers', 'p50 waiting', 'p99', 'p50 service', 'p99'];
  const what = isOpen ? 'a connection of ours and our own clock' : 'a connection of ours';
  return [
    `${bold('Where the time went')} ${dim(`(waiting: for ${what})`)}`,
    layOutTable([titles.map((text) => ({ text, colour: dim })), ...rows]),
  ].join('\n');
}

function failures({ failures: kinds, phases }: LoadResult, options: ReportOptions): string {
  if (kinds.length === 0) return '';
  const { colours, width } = options;
  const offered = phases.reduce((sum, phase) => sum + phase.offered, 0);
  const shown = kinds.slice(0, MOST_FAILURES_SHOWN);
  const columns = Math.max(...shown.map(({ count }) => grouped(count).length));
  const lines = shown.map((one) => {
    const count = `  ${grouped(one.count).padStart(columns)} × `;
    const words = `${failureWords(one)} (${share(one.count, offered)})`;
    return wrap(words, width, count, ' '.repeat(count.length));
  });
  const more = kinds.length - shown.length;
  if (more > 0) lines.push(colours.dim(`  and ${plural(more, 'kind')} more (--json has them)`));
  return [colours.bold('Failures'), ...lines].join('\n');
}

function thresholds({ thresholds: results }: LoadResult, { bold, red, green }: Colours): string {
  if (results.length === 0) return '';
  const lines = results.map((one) => {
    const mark = one.crossed ? red('failed') : green('passed');
    return `  ${mark}  ${one.text}  (${resultWords(one)})`;
  });
  return [bold('Rules'), ...lines].join('\n');
}

function notes({ notes: texts }: LoadResult, { colours, width }: ReportOptions): string {
  return texts.map((text) => colours.dim(wrap(text, width, '· ', '  '))).join('\n');
}

import { type Figure, LIFEGUARD } from '../cases/case.ts';
import { machineInWords } from '../machine.ts';
import { type GoalResult, ratio } from './goals.ts';
import type { BenchResults, CaseResult, PeerResult } from './results.ts';
import { number, quantity, times } from './words.ts';

/** The results as Markdown that reads well on a terminal, too. */
export function renderResults(results: BenchResults): string {
  const { machine, rounds, seconds, cases, startedAt } = results;
  return [
    renderTable(cases),
    '',
    `In brackets: Lifeguard’s figure divided by this one. ${conditions(rounds, seconds)}`,
    `${startedAt.slice(0, 10)}, ${machineInWords(machine)}.`,
    ...missingReferences(cases),
    ...problems(cases),
    ...goals(cases),
  ].join('\n');
}

function conditions(rounds: number, seconds: number): string {
  return rounds === 1
    ? `One round of ${number(seconds)} s.`
    : `Medians of ${rounds} rounds of ${number(seconds)} s; the range is that of the first figure.`;
}

const HEADER = ['case', 'pool', 'first figure', 'range', 'besides'];

function renderTable(cases: readonly CaseResult[]): string {
  const rows = cases.flatMap((one) => [
    ...one.peers.map((peer, index) => row(index === 0 ? one.name : '', peer, one)),
    ...referenceRow(one),
  ]);
  const widths = HEADER.map((heading, column) =>
    Math.max(heading.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  const line = (cells: readonly string[]) =>
    `| ${widths.map((width, column) => (cells[column] ?? '').padEnd(width)).join(' | ')} |`;
  return [line(HEADER), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join(
    '\n',
  );
}

function row(heading: string, peer: PeerResult, one: CaseResult): string[] {
  const [first = '', ...others] = one.figures.map((figure) => cell(figure, peer, one));
  return [heading, peer.peer, first, range(one, peer), others.join(', ')];
}

function referenceRow(one: CaseResult): string[][] {
  const { reference } = one;
  if (!reference || reference.rounds.length === 0) return [];
  const figures = one.figures.filter(({ name }) => name in reference.median);
  const named = { ...reference, peer: `for scale: ${reference.peer}` };
  return [row('', named, { ...one, figures })];
}

function missingReferences(cases: readonly CaseResult[]): string[] {
  return cases.flatMap(({ name, reference }) =>
    (reference?.errors ?? []).map((error) => `For scale, ${name} has nothing here: ${error}.`),
  );
}

/** `p99 16.2 ms (0.41×)` */
function cell({ name, unit }: Figure, { peer, median }: PeerResult, { peers }: CaseResult): string {
  const value = median[name];
  if (value === undefined || Number.isNaN(value)) return 'failed';
  const ours = peers.find((one) => one.peer === LIFEGUARD)?.median[name];
  const compared = peer === LIFEGUARD ? undefined : ratio(ours, value);
  const text = `${name} ${quantity(value, unit)}`;
  return compared === undefined ? text : `${text} (${times(compared)})`;
}

function range({ figures: [first] }: CaseResult, { lowest, highest, rounds }: PeerResult): string {
  if (!first || rounds.length < 2) return '';
  return `${number(lowest[first.name] ?? Number.NaN)} – ${number(highest[first.name] ?? Number.NaN)}`;
}

function problems(cases: readonly CaseResult[]): string[] {
  const lines = cases.flatMap(({ name, peers }) =>
    peers.flatMap(({ peer, errors }) => errors.map((error) => `- ${name}, ${peer}: ${error}`)),
  );
  return lines.length > 0 ? ['', 'Failed:', '', ...lines] : [];
}

function goals(cases: readonly CaseResult[]): string[] {
  const lines = cases.flatMap(({ name, figures, goals: all }) =>
    all.map((goal) => `- ${name}: ${goalInWords(goal, figures)}`),
  );
  return lines.length > 0 ? ['', 'Goals:', '', ...lines] : [];
}

/** `statements at least 2.2× pg.Pool named: 2.4×` */
function goalInWords(goal: GoalResult, figures: readonly Figure[]): string {
  const { figure, against, atLeast, atMost, atMostMore, reached, met } = goal;
  const unit = figures.find(({ name }) => name === figure)?.unit ?? '';
  const isRatio = against !== undefined && atMostMore === undefined;
  const say = (value: number) => (isRatio ? times(value) : quantity(value, unit));
  const most = atMostMore ?? atMost ?? 0;
  const bound = atLeast !== undefined ? `at least ${say(atLeast)}` : `at most ${say(most)}`;
  const whose = against === undefined ? '' : ` ${isRatio ? 'of' : 'more than'} ${against}`;
  const what = `${figure} ${bound}${whose}`;
  return `${what}: ${reached === null ? 'not measured' : say(reached)}${met ? '' : ', **missed**'}`;
}

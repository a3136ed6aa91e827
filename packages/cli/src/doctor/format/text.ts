import type { Colours } from '../../terminal/colours.ts';
import { plural, wrap } from '../../terminal/words.ts';
import type { Finding, Remedy, Severity } from '../report/finding.ts';
import { countOf, type Report } from '../report/report.ts';
import { renderPicture } from './picture-text.ts';

const INDENT = '   ';
const CODE_INDENT = '       ';

export interface TextOptions {
  readonly width: number;
  readonly colours: Colours;
  /** Also what is only worth knowing in full. */
  readonly verbose: boolean;
}

/** For somebody whose production has just failed: the verdict, the connections, then what to do, worst first. */
export function renderText(report: Report, options: TextOptions): string {
  const { findings, picture } = report;
  const { width, colours, verbose } = options;
  const urgent = findings.filter(({ severity }) => verbose || severity !== 'info');
  const rest = findings.filter((finding) => !urgent.includes(finding));
  const sections = [
    verdict(report, options),
    ...(picture ? [renderPicture(picture, width, colours)] : []),
    ...urgent.map((finding, index) => renderFinding(finding, index + 1, options)),
    ...(rest.length > 0 ? [hints(rest, options)] : []),
    ...(report.unseen.length > 0 ? [couldNotSee(report, options)] : []),
    foot(report, options),
  ];
  return sections.join('\n\n');
}

function badge(severity: Severity, { bold, red, yellow, blue }: Colours): string {
  switch (severity) {
    case 'critical':
      return bold(red('CRITICAL'));
    case 'warning':
      return bold(yellow('WARNING'));
    case 'info':
      return bold(blue('INFO'));
  }
}

/** The one line to read when there is no time for more. */
function verdict(
  { findings, subject, server, isUnreachable, unseen }: Report,
  { width, colours }: TextOptions,
): string {
  const [first] = findings;
  const where = server
    ? `${subject}, PostgreSQL ${server.version}${server.isStandby ? ', a standby' : ''}, user ${server.user}`
    : `${subject}, the server ${isUnreachable ? 'could not be' : 'was not'} asked`;
  if (!first || first.severity === 'info') {
    const words = server ? 'HEALTHY' : 'NO COMPLAINT';
    const asFar = unseen.length > 0 ? ' as far as it could be seen:' : '';
    const hinted = findings.length === 0 ? '' : `, ${plural(findings.length, 'hint')}`;
    const line = `${colours.bold(colours.green(words))} ${asFar} nothing that needs doing${hinted}`;
    return `${line}\n${wrap(where, width)}`;
  }
  const counts = [
    plural(countOf(findings, 'critical'), 'critical', 'critical'),
    plural(countOf(findings, 'warning'), 'warning'),
    plural(countOf(findings, 'info'), 'hint'),
  ];
  const line = wrap(`${badge(first.severity, colours)}  ${first.title}`, width, '', INDENT);
  return `${line}\n${colours.dim(`${counts.join(', ')}`)}\n${wrap(where, width)}`;
}

function renderFinding(finding: Finding, place: number, { width, colours }: TextOptions): string {
  const { severity, title, evidence, why, remedies, id } = finding;
  const number = String(place).padStart(2);
  const head = wrap(
    `${badge(severity, colours)}  ${colours.bold(title)}`,
    width,
    `${number} `,
    INDENT,
  );
  const where = finding.file === undefined ? [] : [`${INDENT}${finding.file}:${finding.line ?? 1}`];
  return [
    head,
    ...where,
    ...evidence.map((line) => evidenceLine(line, width)),
    wrap(`Why: ${why}`, width, INDENT, INDENT),
    ...remedies.flatMap((remedy) => renderRemedy(remedy, width, colours)),
    colours.dim(`${INDENT}more: lifeguard doctor --explain ${id}`),
  ].join('\n');
}

/** A line of the tree of blockers keeps its branch. */
function evidenceLine(line: string, width: number): string {
  const [, branch = '', rest = line] = /^((?: {3})*└─ )(.*)$/s.exec(line) ?? [];
  const hanging = ' '.repeat(branch.length);
  return wrap(rest, width, `${INDENT}${branch || '· '}`, `${INDENT}${hanging || '  '}`);
}

function renderRemedy({ title, code }: Remedy, width: number, { cyan }: Colours): string[] {
  const words = wrap(title, width, `${INDENT}→ `, `${INDENT}  `);
  // Never wrapped: it is there to be pasted.
  return code ? [words, cyan(code.replace(/^(?=.)/gm, CODE_INDENT))] : [words];
}

function hints(findings: readonly Finding[], { width, colours }: TextOptions): string {
  const lines = findings.map(({ title, id }) =>
    wrap(`${title} ${colours.dim(`(${id})`)}`, width, ' · ', '   '),
  );
  return [
    `${colours.bold('Worth knowing')} ${colours.dim('(--verbose tells what to do)')}`,
    ...lines,
  ].join('\n');
}

function couldNotSee({ unseen, notAsked }: Report, { width, colours }: TextOptions): string {
  const lines = unseen.flatMap(({ what, why, remedy }) => [
    wrap(`${what}: ${why}`, width, ' · ', '   '),
    ...(remedy ? [wrap(remedy, width, '   → ', '     ')] : []),
  ]);
  const skipped =
    notAsked.length > 0
      ? [wrap(`so these were not checked: ${notAsked.join(', ')}`, width, '   ')]
      : [];
  return [colours.bold('Could not be seen'), ...lines, ...skipped].join('\n');
}

function foot({ asked, silenced, took }: Report, { width, colours }: TextOptions): string {
  const quiet = silenced.length > 0 ? `, silenced: ${silenced.join(', ')}` : '';
  return wrap(`${plural(asked.length, 'rule')} asked in ${took.toFixed(1)} s${quiet}`, width)
    .split('\n')
    .map(colours.dim)
    .join('\n');
}

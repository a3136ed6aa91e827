import { plural } from '../../terminal/words.ts';
import type { Finding, Severity } from '../report/finding.ts';
import { countOf, type Report } from '../report/report.ts';

const HEADINGS: Readonly<Record<Severity, string>> = {
  critical: 'Critical',
  warning: 'Warnings',
  info: 'Worth knowing',
};

/** A checklist for an issue or a pull request: a box for each finding. */
export function renderMarkdown(report: Report): string {
  const { subject, server, findings, unseen } = report;
  const version = server ? `, PostgreSQL ${server.version}` : '';
  const counts = `${countOf(findings, 'critical')} critical, ${plural(countOf(findings, 'warning'), 'warning')}, ${plural(countOf(findings, 'info'), 'hint')}`;
  const sections = (Object.keys(HEADINGS) as Severity[]).flatMap((severity) => {
    const some = findings.filter((finding) => finding.severity === severity);
    return some.length === 0 ? [] : [`### ${HEADINGS[severity]}`, ...some.map(item)];
  });
  const blind = unseen.map(
    ({ what, why, remedy }) =>
      `- ${plain(what)}: ${plain(why)}${remedy ? ` (${code(remedy)})` : ''}`,
  );
  return [
    `## lifeguard doctor: ${plain(subject)}${version}`,
    findings.some(({ severity }) => severity !== 'info')
      ? counts
      : `Healthy: nothing that needs doing. ${counts}.`,
    ...connections(report),
    ...sections,
    ...(blind.length > 0 ? ['### Could not be seen', blind.join('\n')] : []),
  ].join('\n\n');
}

function connections({ picture }: Report): string[] {
  if (!picture) return [];
  const { used, usable, free, max, reserved, plan } = picture;
  const planned = plan
    ? ` The plan: ${plan.instances} × ${plan.limit} × ${plan.overlap} = ${plan.connections}, beside ${plan.others} of others.`
    : '';
  return [
    `${used} of ${usable} connections in use, ${free} free (max_connections ${max}, ${reserved} reserved).${planned}`,
  ];
}

function item({ title, id, evidence, why, remedies }: Finding): string {
  const lines = [
    `- [ ] **${plain(title)}** (\`${id}\`)`,
    ...evidence.map(evidenceItem),
    '',
    `  ${plain(why)}`,
    ...remedies.flatMap((remedy) => [
      '',
      `  ${plain(remedy.title)}${remedy.code ? ':' : ''}`,
      ...(remedy.code
        ? ['', ...fence(remedy.code, remedy.language).map((line) => (line ? `  ${line}` : ''))]
        : []),
    ]),
  ];
  return lines.join('\n');
}

/** A branch of the tree of blockers is a list within the list. */
function evidenceItem(line: string): string {
  const [, branch = '', rest = line] = /^((?: {3})*└─ )(.*)$/s.exec(line) ?? [];
  return `  ${'  '.repeat(branch.length / 3)}- ${plain(rest)}`;
}

/** Longer than any run of backticks within. */
function fence(text: string, language = ''): string[] {
  const runs = text.match(/`+/g) ?? [];
  const mark = '`'.repeat(Math.max(3, ...runs.map((run) => run.length + 1)));
  return [`${mark}${language === 'url' ? 'text' : language}`, ...text.split('\n'), mark];
}

function code(text: string): string {
  return text.includes('`') ? plain(text) : `\`${text}\``;
}

function plain(text: string): string {
  return text.replace(/[\\`*_[\]<>|]/g, '\\$&');
}

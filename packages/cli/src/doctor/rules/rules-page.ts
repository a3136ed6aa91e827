import { tellThreshold } from '../explain-rules.ts';
import type { Source } from '../report/finding.ts';
import type { Rule } from './rule.ts';

const HEADINGS: Readonly<Partial<Record<Source, string>>> = {
  server: 'Server',
  configuration: 'Configuration',
};

/** docs/doctor/rules.md: all rules with their thresholds. */
export function rulesPage(rules: readonly Rule[]): string {
  const sections = Object.entries(HEADINGS).flatMap(([source, heading]) => [
    `## ${heading}`,
    ...rules.filter((rule) => rule.source === source).map(ruleSection),
  ]);
  return `${[
    '# The doctor’s rules',
    'Made from the rules themselves (`packages/cli/src/doctor/rules`); a test keeps the two alike. How to tune or silence them is told in [README.md](README.md).',
    ...sections,
  ].join('\n\n')}\n`;
}

function ruleSection(rule: Rule): string {
  const { id, severities, finds, why, thresholds, ignores } = rule;
  const rows = Object.entries(thresholds).map(
    ([name, threshold]) =>
      `| \`${name}\` | ${tellThreshold(threshold)} | ${threshold.means} | ${threshold.source} |`,
  );
  const table = ['| threshold | default | means | source |', '| --- | --- | --- | --- |', ...rows];
  return [
    `### ${id}`,
    `${severities.join(', ')}. ${finds}`,
    why,
    ...(rows.length > 0 ? [table.join('\n')] : []),
    ...(ignores ? [`\`ignore\` takes names of ${ignores}.`] : []),
  ].join('\n\n');
}

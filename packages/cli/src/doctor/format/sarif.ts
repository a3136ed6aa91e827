import { createHash } from 'node:crypto';
import type { Finding, Severity } from '../report/finding.ts';
import type { Report } from '../report/report.ts';
import type { Rule } from '../rules/rule.ts';
import { remedyText } from './json.ts';

const SCHEMA = 'https://json.schemastore.org/sarif-2.1.0.json';
const LEVELS: Readonly<Record<Severity, 'error' | 'warning' | 'note'>> = {
  critical: 'error',
  warning: 'warning',
  info: 'note',
};

/** SARIF 2.1.0 (OASIS), as GitHub's code scanning and editors read it. */
export function renderSarif(report: Report, rules: readonly Rule[], version: string): string {
  const { findings, unseen } = report;
  const ids = [...new Set([...rules.map(({ id }) => id), ...findings.map(ruleOf)])];
  const known = new Map(rules.map((rule) => [rule.id, rule]));
  const log = {
    $schema: SCHEMA,
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'lifeguard doctor',
            semanticVersion: version,
            rules: ids.map((id) => descriptor(id, known.get(id))),
          },
        },
        invocations: [
          {
            executionSuccessful: true,
            toolExecutionNotifications: unseen.map(({ what, why }) => ({
              level: 'note',
              message: { text: `${what} could not be seen: ${why}` },
            })),
          },
        ],
        results: findings.map((finding) => result(finding, ids.indexOf(ruleOf(finding)), report)),
      },
    ],
  };
  return JSON.stringify(log, undefined, 2);
}

function ruleOf({ rule, id }: Finding): string {
  return rule ?? id;
}

function descriptor(id: string, rule: Rule | undefined) {
  if (!rule) return { id };
  const [worst = 'info'] = rule.severities;
  return {
    id,
    shortDescription: { text: rule.finds },
    help: { text: rule.why },
    defaultConfiguration: { level: LEVELS[worst] },
    properties: { tags: [rule.source] },
  };
}

function result(finding: Finding, ruleIndex: number, report: Report) {
  const { severity, title, evidence, why, remedies, source, docs } = finding;
  const text = [
    title,
    ...evidence.map((line) => `· ${line}`),
    why,
    ...remedies.map(remedyText),
  ].join('\n');
  return {
    ruleId: ruleOf(finding),
    ruleIndex,
    level: LEVELS[severity],
    message: { text },
    locations: [locationOf(finding, report)],
    // The same from one run to the next, whatever the numbers: what it is about.
    partialFingerprints: { 'lifeguard/v1': fingerprint(finding, report.subject) },
    properties: { source, docs },
  };
}

/** Code has lines; a database has a name, and the file that its address is in: GitHub takes nothing without a file. */
function locationOf({ file, line, source }: Finding, { subject, addressFile }: Report) {
  const physicalLocation = {
    artifactLocation: { uri: encodeURI(file ?? addressFile) },
    region: { startLine: line ?? 1 },
  };
  if (file !== undefined) return { physicalLocation };
  const kind = source === 'server' ? 'database' : 'configuration';
  return { physicalLocation, logicalLocations: [{ name: subject, kind }] };
}

function fingerprint(finding: Finding, subject: string): string {
  const { file, line, subjects = [] } = finding;
  // Processes come and go; tables and roles stay.
  const lasting = subjects.filter((name) => !name.startsWith('pid '));
  const parts = [ruleOf(finding), subject, file ?? '', line ?? '', ...lasting];
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 32);
}

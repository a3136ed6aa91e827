import { jsonReport } from '../../frame/json.ts';
import type { Finding, Remedy } from '../report/finding.ts';
import { countOf, type Report } from '../report/report.ts';

/** Raised when a field changes its meaning or goes. `schemas/doctor.schema.json` is this one's. */
export const DOCTOR_JSON_VERSION = 1;

/** The report for programs. Times are in seconds. */
export function renderJson(report: Report): string {
  const { subject, server, findings, picture, unseen, asked, notAsked, silenced, took } = report;
  return jsonReport('doctor', DOCTOR_JSON_VERSION, {
    subject,
    server: server ?? null,
    summary: {
      verdict: findings[0]?.severity === 'info' ? 'healthy' : (findings[0]?.severity ?? 'healthy'),
      critical: countOf(findings, 'critical'),
      warning: countOf(findings, 'warning'),
      info: countOf(findings, 'info'),
    },
    connections: picture ?? null,
    findings: findings.map(findingJson),
    unseen,
    rules: { asked, notAsked, silenced },
    tookSeconds: Number(took.toFixed(3)),
  });
}

function findingJson({ remedies, ...finding }: Finding) {
  return { ...finding, remedy: remedies.map(remedyText).join('\n\n'), remedies };
}

/** Words and what to paste, as one text. */
export function remedyText({ title, code }: Remedy): string {
  return code === undefined ? title : `${title}:\n${code}`;
}

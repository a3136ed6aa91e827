import { readFileSync } from 'node:fs';
import { EXIT, type ExitCode } from '../frame/exit-codes.ts';
import type { Session } from '../frame/session.ts';
import type { FailOn } from './config/settings.ts';
import { examine } from './examine.ts';
import { explainRule, listRules } from './explain-rules.ts';
import { renderJson } from './format/json.ts';
import { renderMarkdown } from './format/markdown.ts';
import { renderSarif } from './format/sarif.ts';
import { renderText } from './format/text.ts';
import type { DoctorOptions } from './options.ts';
import { type Finding, SEVERITIES } from './report/finding.ts';
import type { Report } from './report/report.ts';
import { RULES } from './rules/catalogue.ts';

const DEFAULT_FAIL_ON: FailOn = 'critical';

/** Looks at configuration and server, tells what it found, and returns the exit code. */
export async function runDoctor(options: DoctorOptions, session: Session): Promise<ExitCode> {
  if (options.rules) {
    session.print(listRules(session.width));
    return EXIT.ok;
  }
  if (options.explain !== undefined) {
    session.print(explainRule(options.explain, session.width));
    return EXIT.ok;
  }
  const { report, failOn } = await examine(options, session);
  session.print(render(report, options, session));
  if (report.isUnreachable) return EXIT.unreachable;
  return isFailure(report.findings, options.failOn ?? failOn ?? DEFAULT_FAIL_ON)
    ? EXIT.findings
    : EXIT.ok;
}

function render(
  report: Report,
  { json, format, verbose }: DoctorOptions,
  session: Session,
): string {
  switch (json ? 'json' : format) {
    case 'json':
      return renderJson(report);
    case 'sarif':
      return renderSarif(report, RULES, ownVersion());
    case 'markdown':
      return renderMarkdown(report);
    case 'text':
      return renderText(report, { width: session.width, colours: session.colours, verbose });
  }
}

function isFailure(findings: readonly Finding[], failOn: FailOn): boolean {
  if (failOn === 'never') return false;
  const bound = SEVERITIES.indexOf(failOn);
  return findings.some(({ severity }) => SEVERITIES.indexOf(severity) <= bound);
}

function ownVersion(): string {
  const file = new URL('../../package.json', import.meta.url);
  return JSON.parse(readFileSync(file, 'utf8')).version;
}

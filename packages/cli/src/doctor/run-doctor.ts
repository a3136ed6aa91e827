import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { EXIT, type ExitCode } from '../frame/exit-codes.ts';
import type { Session } from '../frame/session.ts';
import { makePlan } from '../plan/plan.ts';
import { readSettings } from './config/read-settings.ts';
import type { DoctorSettings, FailOn } from './config/settings.ts';
import { type CollectedConfiguration, collectConfiguration } from './configuration/collect.ts';
import { readEnvironment } from './configuration/env-file.ts';
import { explainRule, listRules } from './explain-rules.ts';
import { renderJson } from './format/json.ts';
import { renderMarkdown } from './format/markdown.ts';
import { renderSarif } from './format/sarif.ts';
import { renderText } from './format/text.ts';
import type { DoctorOptions } from './options.ts';
import { type Finding, SEVERITIES } from './report/finding.ts';
import { pictureOf } from './report/picture.ts';
import type { Report } from './report/report.ts';
import { rank, runRules } from './report/run-rules.ts';
import { RULES } from './rules/catalogue.ts';
import type { Facts } from './rules/rule.ts';
import { type Examination, examineServer } from './server/examine.ts';

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
  const startedAt = performance.now();
  const folder = resolve(options.dir);
  const settings = readSettings(options.config, folder, RULES);
  const environment = readEnvironment(options.env, session.env);
  const configuration = collectConfiguration({ url: options.url, environment, folder });
  const examined = options.server
    ? await examineServer(configuration.target, options.poolerUrl, session)
    : undefined;
  const took = () => (performance.now() - startedAt) / 1_000;
  const report = makeReport(options, settings, configuration, examined, took);
  session.print(render(report, options, session));
  if (examined?.failure) return EXIT.unreachable;
  return isFailure(report.findings, options.failOn ?? settings.failOn ?? DEFAULT_FAIL_ON)
    ? EXIT.findings
    : EXIT.ok;
}

function makeReport(
  options: DoctorOptions,
  settings: DoctorSettings,
  { facts: configuration, where, addressFile }: CollectedConfiguration,
  examined: Examination | undefined,
  took: () => number,
): Report {
  const { max } = configuration.pool;
  const databaseCores = options.dbCores ?? settings.databaseCores;
  const facts: Partial<Facts> = {
    ...examined?.facts,
    configuration,
    plan: makePlan({
      instances: options.instances ?? settings.instances,
      limit: max.value,
      limitOrigin: max.origin,
      overlap: options.overlap ?? settings.overlap,
    }),
    ...(databaseCores !== undefined && { databaseCores }),
    now: Date.now(),
  };
  const results = runRules(RULES, facts, settings);
  const failed = examined?.failure ? [examined.failure] : [];
  return {
    ...results,
    findings: rank([...failed, ...results.findings]),
    subject: where,
    addressFile,
    server: facts.identity,
    picture: pictureOf(facts),
    unseen: examined?.unseen ?? [],
    // Asked for nothing of the server: not to have seen it is no surprise.
    notAsked: options.server ? results.notAsked : [],
    took: took(),
  };
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

import { resolve } from 'node:path';
import type { Session } from '../frame/session.ts';
import { makePlan } from '../plan/plan.ts';
import { readSettings } from './config/read-settings.ts';
import type { DoctorSettings, FailOn } from './config/settings.ts';
import { type CollectedConfiguration, collectConfiguration } from './configuration/collect.ts';
import { readEnvironment } from './configuration/env-file.ts';
import type { ConfigurationFacts, Setting } from './configuration/facts.ts';
import type { DoctorOptions } from './options.ts';
import { pictureOf } from './report/picture.ts';
import type { Report } from './report/report.ts';
import { runRules } from './report/run-rules.ts';
import { RULES } from './rules/catalogue.ts';
import type { Facts } from './rules/rule.ts';
import { type Examination, examineServer } from './server/examine.ts';

/** What decides about the examination itself, not about how it is told. */
export type ExamineOptions = Omit<
  DoctorOptions,
  'format' | 'json' | 'failOn' | 'verbose' | 'explain' | 'rules'
>;

/**
 * Looks at configuration and server, and judges what it saw.
 *
 * @throws {UserError} when no database is named, or a file makes no sense.
 */
export async function examine(
  options: ExamineOptions,
  session: Session,
): Promise<{ report: Report; failOn: FailOn | undefined }> {
  const startedAt = performance.now();
  const folder = resolve(options.dir);
  const settings = readSettings(options.config, folder, RULES);
  const environment = readEnvironment(options.env, session.env);
  const configuration = collectConfiguration({ url: options.url, environment, folder });
  const examined = options.server
    ? await examineServer(configuration.target, options.poolerUrl, session)
    : undefined;
  const judged = judge(options, settings, configuration, examined);
  const took = (performance.now() - startedAt) / 1_000;
  return { report: { ...judged, took }, failOn: settings.failOn };
}

function judge(
  options: ExamineOptions,
  settings: DoctorSettings,
  { facts: seen, where, addressFile }: CollectedConfiguration,
  examined: Examination | undefined,
): Omit<Report, 'took'> {
  const configuration = { ...seen, pool: { ...seen.pool, max: limitOf(options, seen) } };
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
  return {
    ...results,
    subject: where,
    addressFile,
    server: facts.identity,
    isUnreachable: facts.connectFailure !== undefined,
    picture: pictureOf(facts),
    unseen: examined?.unseen ?? [],
    // Where nothing was asked of the server, not to have seen it is no surprise.
    notAsked: facts.identity ? results.notAsked : [],
  };
}

function limitOf({ limit }: ExamineOptions, { pool }: ConfigurationFacts): Setting<number> {
  return limit === undefined ? pool.max : { value: limit, origin: '--limit', isDefault: false };
}

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { didYouMean } from '../../frame/nearest.ts';
import { UserError } from '../../frame/user-error.ts';
import { SEVERITIES, type Severity } from '../report/finding.ts';
import type { Rule } from '../rules/rule.ts';
import {
  type DoctorSettings,
  FAIL_ON,
  type FailOn,
  NO_SETTINGS,
  type RuleSettings,
} from './settings.ts';

export const CONFIG_FILE = 'lifeguard.config.json';

/** The numbers of `doctor`, each with what it may be. */
export const NUMBERS = {
  instances: { least: 1, most: 100_000, whole: true },
  overlap: { least: 1, most: 10, whole: false },
  databaseCores: { least: 1, most: 10_000, whole: true },
} as const;

/**
 * Reads how the doctor was tuned.
 *
 * @param file the file that was named; else lifeguard.config.json of the folder, where there is one.
 * @throws {UserError} that names the place and what may stand there.
 */
export function readSettings(
  file: string | undefined,
  folder: string,
  rules: readonly Rule[],
): DoctorSettings {
  const path = file ?? join(folder, CONFIG_FILE);
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (file === undefined && code === 'ENOENT') return NO_SETTINGS;
    throw new UserError(
      `--config ${path}: ${code === 'ENOENT' ? 'there is no such file' : message}`,
    );
  }
  return parseSettings(text, file ?? CONFIG_FILE, rules);
}

export function parseSettings(text: string, file: string, rules: readonly Rule[]): DoctorSettings {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new UserError(`${file} is not JSON: ${(error as Error).message}`);
  }
  const root = objectAt(json, file);
  knownNames(root, ['$schema', 'doctor'], file);
  if (root.doctor === undefined) return NO_SETTINGS;
  return doctorAt(objectAt(root.doctor, `${file}: doctor`), `${file}: doctor`, rules);
}

function doctorAt(doctor: Json, at: string, rules: readonly Rule[]): DoctorSettings {
  knownNames(doctor, [...Object.keys(NUMBERS), 'failOn', 'rules'], at);
  const number = (name: keyof typeof NUMBERS) => {
    const value = doctor[name];
    if (value === undefined) return {};
    const { least, most, whole } = NUMBERS[name];
    return { [name]: numberAt(value, `${at}.${name}`, least, most, whole) };
  };
  return {
    ...number('instances'),
    ...number('overlap'),
    ...number('databaseCores'),
    ...(doctor.failOn !== undefined && { failOn: oneOf(doctor.failOn, FAIL_ON, `${at}.failOn`) }),
    rules: rulesAt(doctor.rules ?? {}, `${at}.rules`, rules),
  };
}

function rulesAt(value: unknown, at: string, rules: readonly Rule[]): Record<string, RuleSettings> {
  const named = objectAt(value, at);
  knownNames(
    named,
    rules.map(({ id }) => id),
    at,
    'rule',
  );
  return Object.fromEntries(
    Object.entries(named).map(([id, settings]) => {
      const rule = rules.find((one) => one.id === id) as Rule;
      return [id, ruleAt(settings, `${at}.${id}`, rule)];
    }),
  );
}

function ruleAt(value: unknown, at: string, rule: Rule): RuleSettings {
  if (typeof value === 'string') {
    const word = oneOf(value, ['off', ...SEVERITIES] as const, at);
    return word === 'off' ? { off: true } : { severity: word };
  }
  const settings = objectAt(value, at);
  knownNames(settings, ['severity', 'thresholds', ...(rule.ignores ? ['ignore'] : [])], at);
  return {
    ...(settings.severity !== undefined && {
      severity: oneOf<Severity>(settings.severity, SEVERITIES, `${at}.severity`),
    }),
    ...(settings.thresholds !== undefined && {
      thresholds: thresholdsAt(settings.thresholds, `${at}.thresholds`, rule),
    }),
    ...(settings.ignore !== undefined && { ignore: namesAt(settings.ignore, `${at}.ignore`) }),
  };
}

function thresholdsAt(value: unknown, at: string, rule: Rule): Record<string, number> {
  const named = objectAt(value, at);
  knownNames(named, Object.keys(rule.thresholds), at, 'threshold');
  return Object.fromEntries(
    Object.entries(named).map(([name, number]) => [
      name,
      numberAt(number, `${at}.${name}`, 0, Number.MAX_SAFE_INTEGER, false),
    ]),
  );
}

type Json = Readonly<Record<string, unknown>>;

function objectAt(value: unknown, at: string): Json {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Json;
  throw new UserError(`${at} must be an object`);
}

function knownNames(value: Json, known: readonly string[], at: string, what = 'setting'): void {
  for (const name of Object.keys(value)) {
    if (known.includes(name)) continue;
    const hint = didYouMean(name, known);
    const all = known.length <= 8 ? ` (there are: ${known.join(', ') || 'none'})` : '';
    throw new UserError(`${at}.${name}: there is no such ${what}${hint || all}`);
  }
}

function numberAt(value: unknown, at: string, least: number, most: number, whole: boolean): number {
  const isFit =
    typeof value === 'number' &&
    value >= least &&
    value <= most &&
    (!whole || Number.isInteger(value));
  if (isFit) return value;
  throw new UserError(
    `${at} must be a ${whole ? 'whole ' : ''}number ${most >= Number.MAX_SAFE_INTEGER ? `of ${least} or more` : `from ${least} to ${most}`}`,
  );
}

function oneOf<T extends FailOn | Severity | 'off'>(
  value: unknown,
  words: readonly T[],
  at: string,
): T {
  if (words.includes(value as T)) return value as T;
  throw new UserError(`${at} must be one of ${words.join(', ')}`);
}

function namesAt(value: unknown, at: string): string[] {
  if (Array.isArray(value) && value.every((name) => typeof name === 'string')) return value;
  throw new UserError(`${at} must be a list of names`);
}

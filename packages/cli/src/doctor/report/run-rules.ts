import { lowerFirst } from '../../terminal/words.ts';
import type { DoctorSettings } from '../config/settings.ts';
import type { Draft, Facts, Rule } from '../rules/rule.ts';
import { type Finding, SEVERITIES } from './finding.ts';

/** Where the rules are told of; the anchor is the rule's id. */
const DOCS = 'docs/doctor/rules.md';

export interface RuleResults {
  /** Most severe first; of those, causes before symptoms. */
  readonly findings: readonly Finding[];
  /** Rules that were asked. */
  readonly asked: readonly string[];
  /** Rules that could not be asked, because what they need was not seen. */
  readonly notAsked: readonly string[];
  readonly silenced: readonly string[];
}

/** Asks every rule that what was seen suffices for. */
export function runRules(
  rules: readonly Rule[],
  facts: Partial<Facts>,
  settings: DoctorSettings,
): RuleResults {
  const silenced = rules.filter(({ id }) => settings.rules[id]?.off);
  const open = rules.filter((rule) => !silenced.includes(rule));
  const asked = open.filter(({ needs }) => needs.every((name) => facts[name] !== undefined));
  return {
    findings: rank(asked.flatMap((rule) => ask(rule, facts, settings))),
    asked: asked.map(({ id }) => id),
    // That something failed is nothing that could be seen where it did not.
    notAsked: open
      .filter((rule) => !asked.includes(rule) && !rule.needs.includes('connectFailure'))
      .map(({ id }) => id),
    silenced: silenced.map(({ id }) => id),
  };
}

/** Most severe first; those as severe as each other stay in the order in which they came. */
export function rank(findings: readonly Finding[]): Finding[] {
  const place = ({ severity }: Finding) => SEVERITIES.indexOf(severity);
  return [...findings].sort((a, b) => place(a) - place(b));
}

function ask(rule: Rule, facts: Partial<Facts>, { rules }: DoctorSettings): Finding[] {
  const { thresholds = {}, ignore = [], severity } = rules[rule.id] ?? {};
  const limits = Object.fromEntries(
    Object.entries(rule.thresholds).map(([name, { value }]) => [name, thresholds[name] ?? value]),
  );
  const patterns = ignore.map(patternOf);
  const isIgnored = (name: string) => patterns.some((pattern) => pattern.test(name));
  return rule.find(facts, limits, isIgnored).map((draft) => ({
    ...findingOf(rule, facts.identity?.isStandby ? toldOfStandby(draft) : draft),
    ...(severity && { severity }),
  }));
}

function findingOf({ id, source, why }: Rule, draft: Draft): Finding {
  return { id, source, why, docs: `${DOCS}#${id}`, ...draft };
}

/** What changes the catalogue or a table; the settings of a server and its slots are its own. */
const WRITES =
  /^\s*(ALTER (?!SYSTEM)|CREATE|DROP|REINDEX|ANALYZE|VACUUM|GRANT|(ROLLBACK|COMMIT) PREPARED)/im;

/** A standby refuses to be changed: what is pasted there only fails. */
function toldOfStandby(draft: Draft): Draft {
  const remedies = draft.remedies.map((remedy) =>
    remedy.language === 'sql' && WRITES.test(remedy.code ?? '')
      ? { ...remedy, title: `On the primary: ${lowerFirst(remedy.title)}` }
      : remedy,
  );
  return { ...draft, remedies };
}

function patternOf(name: string): RegExp {
  const parts = name.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`);
}

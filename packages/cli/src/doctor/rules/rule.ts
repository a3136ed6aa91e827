import type { Diagnosis } from '@lifeguard/guard';
import type { Plan } from '../../plan/plan.ts';
import type { ConfigurationFacts } from '../configuration/facts.ts';
import type { Finding, Severity, Source } from '../report/finding.ts';
import type { ServerFacts } from '../server/facts.ts';
import type { PoolerFacts } from '../server/pooler.ts';

/** Everything that may be known. A rule names what it needs and is not asked where that could not be seen. */
export interface Facts extends ServerFacts {
  /** Only where the server could not be asked. */
  readonly connectFailure: ConnectFailure;
  readonly configuration: ConfigurationFacts;
  readonly plan: Plan;
  /** Null: nothing stands between. */
  readonly pooler: PoolerFacts | null;
  /** Cores of the database's machine, where somebody said. */
  readonly databaseCores: number;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** Why there is no connection, and what it said. */
export interface ConnectFailure {
  /** At login, or later, with some questions answered. */
  readonly at: 'login' | 'questions';
  readonly said: string;
  readonly diagnosis: Diagnosis;
}

export type FactName = keyof Facts;

/** A number that a rule judges by. */
export interface Threshold {
  readonly value: number;
  readonly unit:
    | 's'
    | 'ms'
    | '%'
    | 'rows'
    | 'bytes'
    | 'connections'
    | 'times'
    | 'days'
    | 'per second'
    | 'calls'
    | 'transactions'
    | 'sessions';
  readonly means: string;
  /** Who says so; ours where nobody does. */
  readonly source: string;
}

export type Thresholds = Readonly<Record<string, Threshold>>;
export type Limits<T extends Thresholds> = { readonly [Name in keyof T]: number };

/** What a rule says; the rest of a finding is the same for all findings of a rule. */
export type Draft = Pick<Finding, 'severity' | 'title' | 'evidence' | 'remedies'> &
  Partial<Pick<Finding, 'why' | 'subjects'>>;

export interface Rule {
  readonly id: string;
  readonly source: Source;
  /** What it finds, for the list of rules. */
  readonly finds: string;
  /** What that has to do with connections. */
  readonly why: string;
  /** The severities that it may give. */
  readonly severities: readonly Severity[];
  readonly needs: readonly FactName[];
  readonly thresholds: Thresholds;
  /** What names in `ignore` stand for, where a rule can be told to leave some out. */
  readonly ignores?: string;
  /**
   * @param facts has at least what the rule needs.
   * @param limits the thresholds, as somebody may have tuned them.
   * @param isIgnored whether a name was told to be left out.
   */
  find(
    facts: Partial<Facts>,
    limits: Readonly<Record<string, number>>,
    isIgnored: (name: string) => boolean,
  ): readonly Draft[];
}

interface RuleDefinition<Needs extends FactName, Uses extends FactName, T extends Thresholds>
  extends Omit<Rule, 'needs' | 'thresholds' | 'find'> {
  readonly needs: readonly Needs[];
  /** What it takes into account where it was seen. */
  readonly uses?: readonly Uses[];
  readonly thresholds: T;
  readonly find: (
    facts: Pick<Facts, Needs> & Partial<Pick<Facts, Uses>>,
    limits: Limits<T>,
    isIgnored: (name: string) => boolean,
  ) => readonly Draft[];
}

/** Makes a rule: a pure function from what was seen to what is wrong. */
export function defineRule<
  const Needs extends FactName,
  const T extends Thresholds,
  const Uses extends FactName = never,
>(definition: RuleDefinition<Needs, Uses, T>): Rule {
  return definition as unknown as Rule;
}

import { SEVERITIES, type Severity } from '../report/finding.ts';

/** `--fail-on`: the mildest severity that makes the exit code 1. */
export const FAIL_ON = [...SEVERITIES, 'never'] as const;
export type FailOn = (typeof FAIL_ON)[number];

/** How one rule was tuned. */
export interface RuleSettings {
  readonly off?: boolean;
  /** All its findings are of this severity. */
  readonly severity?: Severity;
  readonly thresholds?: Readonly<Record<string, number>>;
  /** Names to leave out; `*` stands for anything. */
  readonly ignore?: readonly string[];
}

/** What lifeguard.config.json says of the doctor. Options of the command line count before it. */
export interface DoctorSettings {
  readonly instances?: number;
  readonly overlap?: number;
  readonly databaseCores?: number;
  readonly failOn?: FailOn;
  readonly rules: Readonly<Record<string, RuleSettings>>;
}

export const NO_SETTINGS: DoctorSettings = { rules: {} };

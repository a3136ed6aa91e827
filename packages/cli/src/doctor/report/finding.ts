import type { Remedy } from '@lifeguard/guard';

/** `critical`: it fails now, or as soon as load comes. `warning`: it will, or makes it worse. `info`: worth knowing. */
export type Severity = 'critical' | 'warning' | 'info';
export const SEVERITIES: readonly Severity[] = ['critical', 'warning', 'info'];

export type Source = 'server' | 'configuration' | 'code';

export type { Remedy };

/** One thing that is not well, whatever source it comes from. */
export interface Finding {
  /** The rule that found it. */
  readonly id: string;
  readonly severity: Severity;
  readonly source: Source;
  /** One line that says what is wrong, with the number that shows it. */
  readonly title: string;
  /** What was seen, worst first: no secrets, no values of statements. */
  readonly evidence: readonly string[];
  /** What it has to do with connections. */
  readonly why: string;
  /** First things first. */
  readonly remedies: readonly Remedy[];
  /** Where our documentation tells more: a path and an anchor. */
  readonly docs: string;
  /** What it is about: names of tables, roles, indexes; for programs. */
  readonly subjects?: readonly string[];
  /** Of code: the rule of the linter, the file relative to the project, the line from 1. */
  readonly rule?: string;
  readonly file?: string;
  readonly line?: number;
}

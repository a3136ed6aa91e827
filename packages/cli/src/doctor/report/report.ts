import type { ServerIdentity, Unseen } from '../server/facts.ts';
import type { Finding, Severity } from './finding.ts';
import type { Picture } from './picture.ts';

/** All that the doctor has to say, before it is put into words, JSON, SARIF or Markdown. */
export interface Report {
  /** `shop at db.example.com:5432 (DATABASE_URL)`. */
  readonly subject: string;
  /** What the address stands in: a .env file, or the variable's name. */
  readonly addressFile: string;
  /** Undefined when the server could not be asked. */
  readonly server: ServerIdentity | undefined;
  /** It was asked, and no connection came about. */
  readonly isUnreachable: boolean;
  readonly findings: readonly Finding[];
  readonly picture: Picture | undefined;
  readonly unseen: readonly Unseen[];
  readonly asked: readonly string[];
  readonly notAsked: readonly string[];
  readonly silenced: readonly string[];
  /** Of the whole run, in seconds. */
  readonly took: number;
}

export function countOf(findings: readonly Finding[], severity: Severity): number {
  return findings.filter((finding) => finding.severity === severity).length;
}

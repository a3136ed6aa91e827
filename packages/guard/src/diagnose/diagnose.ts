import { EXPLANATIONS } from './catalogue.ts';
import { judge } from './judge.ts';
import { unfold } from './layer.ts';
import { asEvidence } from './redact.ts';
import type { Diagnosis } from './types.ts';

export interface DiagnoseOptions {
  /**
   * The caller knows that the error comes from the database, its driver or the way there. Words that are ordinary
   * elsewhere (`read ECONNRESET`, `timeout expired`) are read then even if nothing else names a database. Default:
   * what the error itself shows.
   */
  readonly fromDatabase?: boolean | undefined;
}

/**
 * Says what a database error means and what to do about it.
 *
 * Reads Prisma codes, SQLSTATEs, Node's socket and TLS errors, the words of pg, PgBouncer and hosted poolers,
 * also wrapped in other errors; a text may be a log line or a whole stack trace. Never throws, does no I/O.
 *
 * @param error an error, or its text.
 * @param options see {@link DiagnoseOptions}.
 * @returns the diagnosis; its kind is `unknown` when nothing known fits. An `outcome` that the error itself
 *   carries wins over the one that its kind usually has.
 */
export function diagnose(
  error: unknown | string,
  { fromDatabase = false }: DiagnoseOptions = {},
): Diagnosis {
  const layer = unfold(error);
  const verdict = layer && judge(layer, fromDatabase || undefined);
  const match = verdict?.match;
  const kind = match?.rule.kind ?? 'unknown';
  const explanation = { ...EXPLANATIONS[kind], ...match?.rule.variant };
  const code = verdict?.code;
  return {
    kind,
    title: explanation.title,
    meaning: explanation.meaning,
    causes: [...explanation.causes],
    remedies: explanation.remedies.map((remedy) => ({ ...remedy })),
    outcome: verdict?.outcome ?? explanation.outcome,
    transient: verdict?.transient ?? explanation.transient,
    ...(code !== undefined && { code }),
    ...(match && { evidence: asEvidence(match.evidence) }),
    ...(explanation.docs !== undefined && { docs: explanation.docs }),
  };
}

import { broken } from './causes/broken.ts';
import { data } from './causes/data.ts';
import { lastRules } from './causes/last.ts';
import { lifecycle } from './causes/lifecycle.ts';
import { limits } from './causes/limits.ts';
import { pool } from './causes/pool.ts';
import { pooler } from './causes/pooler.ts';
import { prepared } from './causes/prepared.ts';
import { routing } from './causes/routing.ts';
import { security } from './causes/security.ts';
import { server } from './causes/server.ts';
import { tls } from './causes/tls.ts';
import { transaction } from './causes/transaction.ts';
import { unknown } from './causes/unknown.ts';
import { unreachable } from './causes/unreachable.ts';
import type { Rule } from './rule.ts';
import type { DiagnosisKind, Explanation } from './types.ts';

/** What each kind means. A kind without an explanation does not compile. */
export const EXPLANATIONS: { readonly [kind in DiagnosisKind]: Explanation } = {
  ...pool.explanations,
  ...transaction.explanations,
  ...lifecycle.explanations,
  ...server.explanations,
  ...limits.explanations,
  ...data.explanations,
  ...broken.explanations,
  ...unreachable.explanations,
  ...pooler.explanations,
  ...prepared.explanations,
  ...routing.explanations,
  ...security.explanations,
  ...tls.explanations,
  ...unknown.explanations,
};

/** All rules; the first that fits wins, so what names a cause stands before what names a symptom. */
export const RULES: readonly Rule[] = [
  ...data.rules,
  ...server.rules,
  ...prepared.rules,
  ...pooler.rules,
  ...limits.rules,
  ...tls.rules,
  ...security.rules,
  ...routing.rules,
  ...transaction.rules,
  ...broken.rules,
  ...unreachable.rules,
  ...lifecycle.rules,
  ...pool.rules,
  ...lastRules,
];

export const KNOWN_CODES: ReadonlySet<string> = new Set(RULES.flatMap((rule) => rule.codes ?? []));

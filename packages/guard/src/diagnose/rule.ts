import type { DiagnosisKind, Explanation } from './types.ts';

/** One way to recognise a kind: by code, by text, or by text beside a code that says too little. */
export interface Rule {
  readonly kind: DiagnosisKind;
  /** Each is enough alone. `ETIMEDOUT:connect` is a socket error with its system call. */
  readonly codes?: readonly string[];
  readonly text?: RegExp;
  /** The text counts only beside one of these codes, being too ordinary alone. */
  readonly within?: readonly string[];
  /** The text counts only where something else shows that a database is spoken of. */
  readonly needsDatabase?: true;
  /** A symptom gives way to a cause found deeper in the error. */
  readonly symptom?: true;
  /** What is different from the kind's explanation when this rule matches. */
  readonly variant?: Partial<Explanation>;
}

/** The kinds of one family and the rules that recognise them, most specific first. */
export interface Family<Kind extends DiagnosisKind> {
  readonly explanations: { readonly [kind in Kind]: Explanation };
  readonly rules: readonly (Rule & { readonly kind: Kind })[];
}

/** One of several phrases, whatever the case. */
export function either(...phrases: readonly RegExp[]): RegExp {
  return new RegExp(phrases.map(({ source }) => source).join('|'), 'i');
}

/**
 * A phrase as a message of its own: at the start or after a colon or quote, and up to the end or a quote.
 * For words that are ordinary inside a sentence.
 */
export function whole(...phrases: readonly RegExp[]): RegExp {
  return between(
    '(?:^\\s{0,20}|[:`\'"\\n>)\\]]\\s{0,3})',
    either(...phrases),
    '(?=\\.?\\s{0,20}(?:$|[`\'"\\n{<]|at \\S|SSL connection))',
  );
}

/** A reason of PgBouncer's, as its log has it and as its clients get it. */
export function bouncer(...phrases: readonly RegExp[]): RegExp {
  return between(
    '(?:closing because|pooler error|FATAL|ERROR): ?',
    either(...phrases),
    '(?=\\s{0,20}(?:$|[`\'"\\n([]))',
  );
}

/** The code of whatever PgBouncer itself says. */
const PGBOUNCER_SAYS = '08P01';

/** A reason of PgBouncer's in its log, as clients print it, or as the error that it is in a client. */
export function bouncerRules<Kind extends DiagnosisKind>(
  kind: Kind,
  phrases: readonly RegExp[],
  variant?: Partial<Explanation>,
): (Rule & { readonly kind: Kind })[] {
  const common = { kind, ...(variant && { variant }) };
  return [
    { ...common, text: bouncer(...phrases) },
    { ...common, within: [PGBOUNCER_SAYS], text: whole(...phrases) },
  ];
}

/** Looks back only where the phrase stands: looking back from each letter of a text is what costs. */
function between(before: string, { source }: RegExp, after: string): RegExp {
  return new RegExp(`(?:${source})(?<=${before}(?:${source}))${after}`, 'i');
}

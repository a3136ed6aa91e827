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

/**
 * The pattern as a message of its own: at the start or after a colon or quote, and up to the end or a quote.
 * For words that are ordinary inside a sentence.
 */
export function whole(pattern: string): RegExp {
  return new RegExp(
    `(?<=^\\s{0,20}|[:\`'"\\n>)\\]]\\s{0,3})(?:${pattern})(?=\\.?\\s{0,20}(?:$|[\`'"\\n]|SSL connection))`,
    'i',
  );
}

import { RULES } from './catalogue.ts';
import { isDatabaseCode, isSharedCode, wordsMayDecide } from './codes.ts';
import type { Layer } from './layer.ts';
import type { Rule } from './rule.ts';
import { joined } from './words.ts';

/** A rule that fits an error, with what made it fit. */
export interface Match {
  readonly rule: Rule;
  readonly code: string | undefined;
  readonly evidence: string;
}

/** Finds the rule for one error, leaving aside what it wraps. */
export function matchLayer(layer: Layer, inDatabaseContext: boolean): Match | undefined {
  return (
    (wordsMayDecide(layer.codes) ? byWords(layer, inDatabaseContext) : undefined) ?? byCode(layer)
  );
}

function byWords(layer: Layer, inDatabaseContext: boolean): Match | undefined {
  const { words, codes } = layer;
  if (words === '') return undefined;
  const found = firstThatFits(words, codes, inDatabaseContext);
  if (found || !words.includes('\n')) return found;
  return firstThatFits(joined(words), codes, inDatabaseContext);
}

function firstThatFits(
  words: string,
  codes: readonly string[],
  inDatabaseContext: boolean,
): Match | undefined {
  for (const rule of RULES) {
    if (rule.text === undefined) continue;
    if (rule.needsDatabase && !inDatabaseContext) continue;
    if (rule.within && !rule.within.some((code) => codes.includes(code))) continue;
    const evidence = rule.text.exec(words)?.[0];
    if (evidence !== undefined) return { rule, code: mostTelling(codes), evidence };
  }
  return undefined;
}

function byCode({ words, codes }: Layer): Match | undefined {
  for (const rule of RULES) {
    const found = codes.find((code) => rule.codes?.includes(code));
    if (found === undefined) continue;
    const code = found.replace(/:.*/, '');
    return { rule, code, evidence: rule.text?.exec(words)?.[0] ?? code };
  }
  return undefined;
}

/** The SQLSTATE rather than the Prisma code that wraps it. */
export function mostTelling(codes: readonly string[]): string | undefined {
  const known = codes.filter(isDatabaseCode);
  const code =
    known.find((each) => !isSharedCode(each)) ??
    known.find((each) => !/^P\d/.test(each)) ??
    known[0];
  return code?.replace(/:.*/, '');
}

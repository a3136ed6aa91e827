import { EXPLANATIONS } from './catalogue.ts';
import { isServerCode } from './codes.ts';
import type { Layer } from './layer.ts';
import { type Match, matchLayer, mostTelling } from './match.ts';
import type { Outcome } from './types.ts';

/** What an error and everything it wraps amount to. */
export interface Verdict {
  readonly match: Match | undefined;
  readonly outcome: Outcome;
  readonly transient: boolean;
  /** A database code that was seen, also when no rule fits. */
  readonly code: string | undefined;
}

/** Judges an error with all that it wraps: a cause beats a symptom, and of equals the outermost wins. */
export function judge(layer: Layer, inDatabaseContext = inContext(layer)): Verdict {
  const own = verdictOf(layer, inDatabaseContext);
  const nested = layer.causes.map((cause) => judge(cause, inDatabaseContext));
  const parallel = together(layer.parallel.map((each) => judge(each, inDatabaseContext)));
  if (parallel) nested.push(parallel);

  const best = nested.reduce((best, each) => (weight(each) > weight(best) ? each : best), own);
  return {
    match: best.match,
    outcome: layer.outcome ?? outcomeOf(own, best, nested),
    transient: best.transient,
    code: best.match
      ? best.code
      : (own.code ?? nested.find(({ code }) => code !== undefined)?.code),
  };
}

function outcomeOf(own: Verdict, best: Verdict, nested: readonly Verdict[]): Outcome {
  // Nothing recognised: what the only wrapped error says of itself still holds.
  if (!best.match) return (nested.length === 1 && nested[0]?.outcome) || 'unknown';
  // Whoever never got a connection sent nothing, whatever kept it from getting one.
  if (own.outcome === 'not-sent') return 'not-sent';
  if (best !== own || !own.match || own.outcome !== 'unknown') return best.outcome;
  // The same failure, told twice: the inner one may know more (a socket's system call).
  const kind = own.match.rule.kind;
  return nested.find(({ match }) => match?.rule.kind === kind)?.outcome ?? own.outcome;
}

function verdictOf(layer: Layer, inDatabaseContext: boolean): Verdict {
  const match = matchLayer(layer, inDatabaseContext);
  if (!match) {
    return { match, outcome: 'unknown', transient: false, code: mostTelling(layer.codes) };
  }
  const explanation = { ...EXPLANATIONS[match.rule.kind], ...match.rule.variant };
  const { outcome, transient } = explanation;
  return { match, outcome, transient, code: match.code };
}

/** Errors beside each other: what is not true of all of them is not certain. */
function together(verdicts: readonly Verdict[]): Verdict | undefined {
  const [first, ...others] = verdicts;
  if (!first) return undefined;
  const best = others.reduce((best, each) => (weight(each) > weight(best) ? each : best), first);
  return {
    ...best,
    outcome: others.every(({ outcome }) => outcome === first.outcome) ? first.outcome : 'unknown',
    transient: verdicts.every(({ transient }) => transient),
  };
}

function weight({ match }: Verdict): number {
  if (!match) return 0;
  return match.rule.symptom ? 1 : 2;
}

function inContext(layer: Layer): boolean {
  return (
    layer.speaksOfDatabase ||
    layer.codes.some(isServerCode) ||
    [...layer.causes, ...layer.parallel].some(inContext)
  );
}

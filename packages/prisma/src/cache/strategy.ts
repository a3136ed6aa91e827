import { invalidCall } from '../errors/invalid-call.ts';
import { millisOf, SECONDS, type Seconds } from './seconds.ts';

/** How long an answer is kept. */
export interface CacheTimes {
  /** How long it is as good as new. */
  readonly ttl?: Seconds | undefined;
  /** How long after `ttl` it is still given, while it is read anew in the background. */
  readonly swr?: Seconds | undefined;
  /** How long after `ttl` it is given when the database can't answer. */
  readonly staleOnError?: Seconds | undefined;
}

/** How the answer of one read is kept: `cacheStrategy: { ttl: 60, swr: '5m', tags: ['home'] }`. */
export interface CacheStrategy extends CacheTimes {
  /** Names to drop the answer by, beside those of its models. */
  readonly tags?: readonly string[] | undefined;
  /** Whether writes to its models drop the answer; default: as the cache's options say. */
  readonly invalidateOnWrite?: boolean | undefined;
}

/** A strategy, looked at; durations in milliseconds. */
export interface ReadStrategy {
  readonly rules: { readonly [T in keyof CacheTimes]?: number };
  readonly tags: readonly string[];
  readonly invalidateOnWrite: boolean | undefined;
}

const TIMES = ['ttl', 'swr', 'staleOnError'] as const;
const NAMES = [...TIMES, 'tags', 'invalidateOnWrite'];

/**
 * Reads `cacheStrategy` as it is given, from JavaScript perhaps.
 *
 * @param hasDefaults whether the cache's options say how long answers are kept.
 * @throws PrismaClientValidationError that names what is wrong.
 */
export function readStrategy(
  given: unknown,
  { model, operation }: { readonly model: string; readonly operation: string },
  hasDefaults: boolean,
): ReadStrategy {
  const refuse = (problem: string): never => {
    throw invalidCall(model, operation, `\`cacheStrategy${problem}`);
  };
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    return refuse('` must be an object such as { ttl: 60, swr: 300 }.');
  }
  const unknown = Object.keys(given).find((name) => !NAMES.includes(name));
  if (unknown) return refuse(`\` has no \`${unknown}\`; it has ${NAMES.join(', ')}.`);

  const { tags = [], invalidateOnWrite, ...times } = given as CacheStrategy;
  if (!Array.isArray(tags) || !tags.every((tag) => typeof tag === 'string' && tag !== '')) {
    return refuse(".tags` must be a list of texts, such as ['home'].");
  }
  if (invalidateOnWrite !== undefined && typeof invalidateOnWrite !== 'boolean') {
    return refuse('.invalidateOnWrite` must be true or false.');
  }
  const rules: Record<string, number> = {};
  for (const name of TIMES) {
    const time = times[name];
    if (time === undefined) continue;
    rules[name] = millisOf(time) ?? refuse(`.${name}\` must be ${SECONDS}.`);
  }
  const isEmpty = Object.keys(rules).length === 0;
  if (isEmpty && !hasDefaults) return refuse('` needs `ttl`, `swr` or `staleOnError`.');
  return { rules, tags, invalidateOnWrite };
}

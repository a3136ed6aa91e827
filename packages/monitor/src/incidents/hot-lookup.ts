import type { PoolStats, StatementStats } from '@lifeguard/pool';
import type { Incident } from './incident.ts';
import { type Surroundings, when } from './surroundings.ts';
import { count, duration, percent } from './words.ts';

/** Of all statements, and of the time that connections are used, from which on one look-up is worth a change. */
const COUNT_SHARE = 0.2;
const TIME_SHARE = 0.1;
const HELD_SHARE = 0.5;
/** Fewer say nothing of what every request does. */
const LEAST_CALLS = 200;
const LEAST_PER_SECOND = 10;
/** For so long is enough: what has just begun must not wait until it fills the window. */
const LEAST_SECONDS = 10;
/** Half of all callers wait for longer than this, and for longer than the server works for them: a queue. */
const QUEUE_FROM_MILLIS = 2;

/** A read by values: `… WHERE … = …`, `… WHERE … IN (…)`. */
const LOOK_UP = /^\s*SELECT\b.*\bWHERE\b.*(?:=|\bIN\b)/is;
/** What says by its name who somebody is. */
const OF_A_SESSION = /session|token|auth/i;
/** `Session.findFirst`, a read of Prisma's. */
const PRISMA_READ = /^([A-Z]\w*)\.(find\w+|count|aggregate|groupBy)$/;

interface LookUp {
  readonly caller: string;
  readonly calls: number;
  readonly statements: number;
  readonly millis: number;
  readonly statement: string;
}

/**
 * The same look-up from one place in nearly every request, while callers queue: such as that of the session. Where
 * nobody waits, it harms nobody. What one request repeats is a loop or a fan-out, and told as that.
 */
export function detectHotLookUps(stats: PoolStats, around: Surroundings = {}): Incident[] {
  const { wait, service, statements, owners, fanOuts, nPlusOnes, counts } = stats;
  const isQueue = wait.p50Millis >= Math.max(QUEUE_FROM_MILLIS, service.meanMillis);
  if (!isQueue) return [];
  const repeated = new Set([...fanOuts, ...nPlusOnes].map(({ statement }) => statement));
  const held = owners.reduce((sum, { heldMillis }) => sum + heldMillis, 0);
  const used = held + statements.reduce((sum, { totalMillis }) => sum + totalMillis, 0);
  // Whoever holds connections for most of the time is the cause then.
  if (held > used * HELD_SHARE) return [];
  const { seconds } = around;
  return lookUpsOf(statements.filter(({ statement }) => !repeated.has(statement)))
    .filter(
      ({ calls, statements: sent, millis }) =>
        calls >=
          (seconds === undefined
            ? LEAST_CALLS
            : LEAST_PER_SECOND * Math.min(seconds, LEAST_SECONDS)) &&
        sent >= counts.statements * COUNT_SHARE &&
        millis >= used * TIME_SHARE,
    )
    .map(({ caller, calls, statements: sent, millis, statement }) => {
      const [label = '', site] = caller.split(' at ');
      const share = percent(sent / counts.statements);
      return {
        kind: 'hot-look-up',
        title: `${label} is ${share} of all statements, while callers queue`,
        evidence: [
          `called ${count(calls, 'time')} ${when(around)}${
            sent > calls ? `, ${(sent / calls).toFixed(1)} statements each` : ''
          }; ${percent(millis / used)} of the time that connections were used`,
          `half of all callers waited longer than ${duration(wait.p50Millis)} for their turn`,
          ...(site ? [`called at ${site}`] : []),
          `statement: ${statement}`,
        ],
        cause: causeFor(label),
        remedy: remedyFor(label),
        weight: millis,
        owner: label,
        ...(site && { site }),
        statement,
      } satisfies Incident;
    });
}

/** By the one place that sends them; the statements of one call belong together. */
function lookUpsOf(statements: readonly StatementStats[]): LookUp[] {
  const byCaller = new Map<string, LookUp>();
  for (const { statement, owners, executions, totalMillis } of statements) {
    const caller = onlyCaller(owners);
    if (caller === undefined || !LOOK_UP.test(statement)) continue;
    const known = byCaller.get(caller);
    // The same one at each look, or it would be another incident.
    const isMain =
      !known ||
      executions > known.calls ||
      (executions === known.calls && orderOf(statement) < orderOf(known.statement));
    byCaller.set(caller, {
      caller,
      calls: Math.max(executions, known?.calls ?? 0),
      statements: executions + (known?.statements ?? 0),
      millis: totalMillis + (known?.millis ?? 0),
      statement: isMain ? statement : known.statement,
    });
  }
  return [...byCaller.values()];
}

/** What loads a relation for what was found comes after it. */
function orderOf(statement: string): string {
  return `${/\bIN \(/i.test(statement) ? 1 : 0} ${statement}`;
}

/** In production not each call's place is noted: the same name without one is the same caller. */
function onlyCaller(owners: readonly string[]): string | undefined {
  const [caller, ...others] = owners.toSorted((a, b) => b.length - a.length);
  return others.every((other) => caller?.startsWith(`${other} at `)) ? caller : undefined;
}

function causeFor(label: string): string {
  return OF_A_SESSION.test(label)
    ? 'Every request asks who is calling before it does anything of its own, and has been told a moment ago. The pool is busy with that, and the rest queues behind it.'
    : 'So many requests look the same thing up that the pool is busy with little else, and the rest queues behind it.';
}

function remedyFor(label: string): string {
  if (OF_A_SESSION.test(label)) {
    return `Look a session up once a minute, and not at every request: \`const sessions = db.session({ validate: ({ id }) => lookUp(id), every: '60s' })\` around the look-up, and \`await sessions.check({ id: token })\` in its place. \`sessions.revoke(token)\` takes effect at once.`;
  }
  const [, model, operation] = PRISMA_READ.exec(label) ?? [];
  if (!model) {
    return 'Keep the answer for as long as it may be old, in the process or in a cache for all: for seconds, if not for minutes.';
  }
  const call = `prisma.${model.charAt(0).toLowerCase()}${model.slice(1)}.${operation}`;
  return `Keep the answer for as long as it may be old: \`${call}({ …, cacheStrategy: { ttl: 10, swr: 60 } })\` asks once in ten seconds for each argument, however many ask.`;
}

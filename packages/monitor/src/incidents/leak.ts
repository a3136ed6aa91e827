import type { Holder, Leak, PoolStats } from '@lifeguard/pool';
import type { Incident } from './incident.ts';
import { type Surroundings, when } from './surroundings.ts';
import { count, duration } from './words.ts';

/** Held for so long with nothing under way while others wait: forgotten, if nobody listens on it. */
const FORGOTTEN_MILLIS = 30_000;
/** Of a stack, what leads to the code that has to be mended. */
const MOST_FRAMES = 3;

interface Group {
  readonly owner: string;
  readonly site: string | undefined;
  readonly stack: string | undefined;
  readonly held: Pick<Leak, 'heldMillis' | 'idleMillis' | 'reclaimed'>[];
}

/** Connections that were taken and not given back. */
export function detectLeaks(stats: PoolStats, around: Surroundings = {}): Incident[] {
  const reported = around.leaks ?? [];
  const groups = group([...reported, ...forgotten(stats, reported)]);
  if (!around.leaks && groups.length === 0 && stats.counts.leaks > 0) {
    return [ofCount(stats, around)];
  }
  return groups.map(({ owner, site, stack, held }) => {
    const heldMillis = Math.max(...held.map((one) => one.heldMillis));
    const idleMillis = Math.max(...held.map((one) => one.idleMillis));
    return {
      kind: 'leak',
      title: `${owner} has not given back ${held.length === 1 ? 'a connection' : count(held.length, 'connection')} for ${duration(heldMillis)}`,
      evidence: [
        `no statement was under way for ${duration(idleMillis)} of that; the pool may open ${count(stats.connections.max, 'connection')}`,
        ...(site ? [`taken at ${site}`] : []),
        ...framesOf(stack, site),
        ...(held.every(({ reclaimed }) => reclaimed) ? ['it has been taken back meanwhile'] : []),
      ],
      cause:
        'A connection was taken by connect() and is not given back: its place is lost to all others.',
      remedy:
        'Call `client.release()` in a finally block, on every way out. `reclaimLeaks` takes such connections back meanwhile. If it only listens (LISTEN), give it a client of its own.',
      weight: held.reduce((sum, one) => sum + one.heldMillis, 0),
      owner,
      ...(site && { site }),
      isUnderWay: true,
    } satisfies Incident;
  });
}

/** Nobody has to set `leakThresholdMillis`: with callers waiting, an idle checkout speaks for itself. */
function forgotten({ holders, pending }: PoolStats, reported: readonly Leak[]): Holder[] {
  if (pending === 0) return [];
  return holders.filter(
    ({ owner, site, inTransaction, heldMillis, idleMillis }) =>
      !inTransaction &&
      idleMillis >= FORGOTTEN_MILLIS &&
      idleMillis >= heldMillis * 0.9 &&
      !reported.some((leak) => leak.owner === owner && leak.site === site),
  );
}

function group(leaks: readonly (Holder & Partial<Leak>)[]): Group[] {
  const groups = new Map<string, Group>();
  for (const { owner, site, stack, heldMillis, idleMillis, reclaimed = false } of leaks) {
    const key = `${owner}\n${site}`;
    const known = groups.get(key) ?? { owner, site, stack, held: [] };
    known.held.push({ heldMillis, idleMillis, reclaimed });
    groups.set(key, known);
  }
  return [...groups.values()];
}

function framesOf(stack: string | undefined, site: string | undefined): string[] {
  const frames = (stack ?? '')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line.startsWith('at ') && !(site && line.includes(site)));
  return frames.slice(0, MOST_FRAMES);
}

/** The pool has counted them; who they were, nobody has heard. */
function ofCount({ counts, connections }: PoolStats, around: Surroundings): Incident {
  return {
    kind: 'leak',
    title: `${count(counts.leaks, 'connection')} ${counts.leaks === 1 ? 'was' : 'were'} held for longer than leakThresholdMillis`,
    evidence: [`seen ${when(around)}; the pool may open ${count(connections.max, 'connection')}`],
    cause: 'A connection that is taken and not given back is lost to all others.',
    remedy: "Listen to the pool's 'leak' event: it has the stack that took the connection.",
    weight: counts.leaks,
  };
}

import type { NPlusOneStats, PoolStats } from '@lifeguard/pool';
import type { Incident } from './incident.ts';
import { count, duration } from './words.ts';

/** A loop that asks for one row, or one group, after the other. */
export function detectNPlusOnes({ nPlusOnes }: PoolStats): Incident[] {
  return nPlusOnes.map((found) => {
    const { route, owner, site, statement, requests, most, calls, millis } = found;
    const perCall = millis / Math.max(1, calls);
    return {
      kind: 'n-plus-one',
      title: `${route} calls ${owner} up to ${most} times, one after the other`,
      evidence: [
        `seen in ${count(requests, route === 'one transaction' ? 'transaction' : 'request')}: ${count(calls, 'statement')}, ${duration(millis)} of waiting for them, ${duration(perCall)} each`,
        ...(site ? [`called at ${site}`] : []),
        ...(found.after ? [`after ${found.after}`] : []),
        ...(found.call ? [`the call: ${found.call}`] : []),
        `statement: ${statement}`,
      ],
      cause: causeOf(found),
      remedy:
        found.rewrite ??
        `Ask once for all of them before the loop (WHERE … = ANY($1), or a join), instead of calling ${owner} for each.`,
      weight: millis,
      route,
      owner,
      ...(site && { site }),
      statement,
    } satisfies Incident;
  });
}

function causeOf({ most, millis, requests, inCheckout }: NPlusOneStats): string {
  const wait = `Each call is a round trip that waits for the one before: about ${duration(millis / Math.max(1, requests))} of each such request, growing with every row.`;
  return inCheckout
    ? `${wait} A connection is held for all ${most} of them.`
    : `${wait} The pool has ${most} statements to serve where one would do.`;
}

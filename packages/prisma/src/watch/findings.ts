import {
  detectFanOuts,
  detectNPlusOnes,
  detectSelfDeadlocks,
  type Incident,
  type Logger,
  writeTo,
} from '@lifeguard/monitor';
import type { Pool, PoolStats } from '@lifeguard/pool';

/** Places in the code are few; whoever makes endless ones is not told of more. */
const MOST_TOLD = 500;

/** Told of a defect in the code as soon as it shows. */
export type OnFinding = (finding: Incident) => void;

/** Tells of loops, fan-outs and self-deadlocks when they are first seen: each place once. */
export function tellFindings(pool: Pool, tell: OnFinding): void {
  const told = new Set<string>();
  const once = (detect: (stats: PoolStats) => Incident[], found: Partial<PoolStats>) => {
    for (const incident of detect({ ...pool.stats(), ...found })) {
      const { kind, route, owner, site, statement } = incident;
      const place = JSON.stringify([kind, site ?? [route, owner, statement]]);
      if (told.has(place) || told.size >= MOST_TOLD) continue;
      told.add(place);
      tell(incident);
    }
  };
  pool.on('fanOut', (found) => once(detectFanOuts, { fanOuts: [found] }));
  pool.on('nPlusOne', (found) => once(detectNPlusOnes, { nPlusOnes: [found] }));
  pool.on('nested', (found) => once(detectSelfDeadlocks, { nested: [found] }));
}

/** In development the console says it, when the monitor writes no log; elsewhere it is an incident like others. */
export function findingsByDefault(logger: Logger | undefined): OnFinding | false {
  if (logger || process.env.NODE_ENV === 'production') return false;
  return (finding) => {
    const { kind, title, site, evidence, remedy } = finding;
    const place = site ? `, at ${site}` : '';
    const text = `${title}${place}. ${remedy}`;
    writeTo(console, { level: 'warn', text, details: { kind, site, evidence } });
  };
}

import type { Told } from './told.ts';

const VERSION = 1;

/** A look for programs: one line. */
export function renderJson({ where, at, look, incidents }: Told): string {
  return JSON.stringify({
    version: VERSION,
    command: 'watch',
    where,
    at: at.toISOString(),
    transactionsPerSecond: look.transactionsPerSecond,
    server: look.server,
    incidents: incidents.map(({ kind, severity, title, evidence, cause, remedy, firstSeen }) => ({
      kind,
      severity,
      title,
      evidence,
      cause,
      remedy,
      firstSeen,
    })),
  });
}

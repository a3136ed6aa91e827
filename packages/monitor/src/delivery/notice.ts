import type { IncidentChange, IncidentRecord } from '../incidents/incident-log.ts';
import type { LogLevel, LogLine } from './logger.ts';

const LEVELS: Readonly<Record<IncidentRecord['severity'], LogLevel>> = {
  info: 'info',
  warning: 'warn',
  critical: 'error',
};

/** What has begun or is over, in a line. */
export function lineOf({ type, incident }: IncidentChange): LogLine {
  const { id, kind, pool, title, evidence, cause, remedy, severity } = incident;
  const { count, episodes, firstSeen, lastSeen, explainedBy } = incident;
  const where = { incident: id, kind, pool };
  if (type === 'over') {
    return {
      level: 'info',
      text: `${kind} in pool ${pool} is over since ${lastSeen}: ${title} (${count} in all)`,
      details: { ...where, title, count, episodes, firstSeen, overSince: lastSeen },
    };
  }
  return {
    level: LEVELS[severity],
    text: `${kind} in pool ${pool}${episodes > 1 ? ' again' : ''}: ${title}. ${remedy}`,
    details: {
      ...where,
      severity,
      title,
      evidence,
      cause,
      remedy,
      count,
      episodes,
      firstSeen,
      explainedBy,
    },
  };
}
